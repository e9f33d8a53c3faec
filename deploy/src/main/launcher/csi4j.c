/*
 * csi4j: the program's name inside the image, where there is no shell that could run a script. Puts the options of the JVM
 * before those of csi4j and becomes the JVM. CSI4J_HEAP is the limit of the heap, CSI4J_JAVA_OPTS are more options, by spaces.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define JAVA "/opt/java/bin/java"
#define HOME "/opt/csi4j/"
#define MORE_MAX 64

/* What runs on every node has a smaller cache of its own. */
static int on_node(const char *subcommand) {
  const char *all[] = {"node", "driver", "registrar", "livenessprobe"};
  for (size_t i = 0; i < sizeof all / sizeof *all; i++)
    if (strcmp(subcommand, all[i]) == 0) return 1;
  return 0;
}

int main(int argc, char **argv) {
  const char *heap = getenv("CSI4J_HEAP"), *more = getenv("CSI4J_JAVA_OPTS");
  char **out = calloc((size_t)argc + MORE_MAX + 16, sizeof *out);
  char heap_option[64];
  int n = 0;
  if (out == NULL) return 1;
  if (snprintf(heap_option, sizeof heap_option, "-Xmx%s", heap && *heap ? heap : "96m") >= (int)sizeof heap_option) {
    fprintf(stderr, "csi4j: CSI4J_HEAP=%s: must be a size as in -Xmx, such as 96m\n", heap);
    return 2;
  }
  out[n++] = "java";
  out[n++] = "@" HOME "jvm.options";
  out[n++] = heap_option;
  if (argc > 1 && on_node(argv[1]) && access(HOME "csi4j-node.aot", R_OK) == 0)
    out[n++] = "-XX:AOTCache=" HOME "csi4j-node.aot";
  else if (access(HOME "csi4j.aot", R_OK) == 0)
    out[n++] = "-XX:AOTCache=" HOME "csi4j.aot";
  /* Another heap or collector than the cache was made for costs its gain, and is no reason for lines in the log. */
  out[n++] = "-Xlog:aot=off";
  out[n++] = "-Xlog:cds=off";
  if (more) {
    int count = 0;
    for (char *word = strtok(strdup(more), " "); word; word = strtok(NULL, " ")) {
      if (++count > MORE_MAX) {
        fprintf(stderr, "csi4j: CSI4J_JAVA_OPTS: must be at most %d options\n", MORE_MAX);
        return 2;
      }
      out[n++] = word;
    }
  }
  out[n++] = "-jar";
  out[n++] = HOME "lib/csi4j.jar";
  for (int i = 1; i < argc; i++) out[n++] = argv[i];
  execv(JAVA, out);
  perror("csi4j: " JAVA);
  return 1;
}
