/*
 * enter PID COMMAND ARGUMENT...
 *
 * Runs COMMAND in the mount and PID namespaces of PID, in the same working folder where that exists, and ends with its
 * exit code (128 + signal when a signal ended it). nsenter(1) would do, but for three things that tests need: a signal
 * sent to this process reaches the command; the command dies when this process is killed with SIGKILL; and a command
 * stopped by SIGSTOP does not stop this process with it.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static void fail(const char *what)
{
	fprintf(stderr, "enter: %s: %s\n", what, strerror(errno));
	exit(125);
}

static int open_namespace(const char *pid, const char *kind)
{
	char path[64];
	snprintf(path, sizeof path, "/proc/%s/ns/%s", pid, kind);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		fail(path);
	return fd;
}

static void become_command(char **command, const sigset_t *signals)
{
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0)
		fail("prctl");
	sigprocmask(SIG_SETMASK, signals, NULL);
	execvp(command[0], command);
	int code = errno == ENOENT ? 127 : 126;
	fprintf(stderr, "enter: %s: %s\n", command[0], strerror(errno));
	exit(code);
}

/* Hands signals on until the command has ended; returns its exit code. */
static int attend(pid_t child, const sigset_t *watched)
{
	for (;;) {
		siginfo_t info;
		int status, signal = sigwaitinfo(watched, &info);
		if (signal < 0 && errno == EINTR)
			continue;
		if (signal < 0)
			fail("sigwaitinfo");
		/* What the terminal sends (SI_KERNEL) goes to the whole process group, so the command has it already. */
		if (signal != SIGCHLD && info.si_code != SI_KERNEL)
			kill(child, signal);
		if (signal != SIGCHLD || waitpid(child, &status, WNOHANG) != child)
			continue;
		return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
	}
}

int main(int argc, char **argv)
{
	if (argc < 3) {
		fprintf(stderr, "usage: enter PID COMMAND ARGUMENT...\n");
		return 125;
	}
	char *folder = getcwd(NULL, 0);
	int pids = open_namespace(argv[1], "pid"), mounts = open_namespace(argv[1], "mnt");
	if (setns(pids, CLONE_NEWPID) != 0 || setns(mounts, CLONE_NEWNS) != 0)
		fail("setns");
	if (folder != NULL && chdir(folder) != 0 && chdir("/") != 0)
		fail("chdir");

	const int handed_on[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGCHLD};
	sigset_t watched, before;
	sigemptyset(&watched);
	for (size_t i = 0; i < sizeof handed_on / sizeof *handed_on; i++)
		sigaddset(&watched, handed_on[i]);
	sigprocmask(SIG_BLOCK, &watched, &before);

	pid_t child = fork();
	if (child < 0)
		fail("fork");
	if (child == 0)
		become_command(argv + 2, &before);
	return attend(child, &watched);
}
