/*
 * Process 1 of a PID namespace: waits, buries orphans, ends on SIGTERM or SIGINT. It is the whole of the pause image, and
 * process 1 of the node.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <sys/wait.h>

int main(void)
{
	sigset_t watched;
	sigemptyset(&watched);
	sigaddset(&watched, SIGCHLD);
	sigaddset(&watched, SIGTERM);
	sigaddset(&watched, SIGINT);
	sigprocmask(SIG_BLOCK, &watched, 0);
	for (;;) {
		int signal = sigwaitinfo(&watched, 0);
		if (signal == SIGTERM || signal == SIGINT)
			return 0;
		while (waitpid(-1, 0, WNOHANG) > 0)
			;
	}
}
