// measure REPORT COMMAND [ARGUMENT…]
//
// Runs the command once, writes one line to the file REPORT, seconds and peak resident KiB, and
// ends with the command's exit status. It is a program of its own because Linux counts the memory
// of whoever starts a process towards that process's peak: a Python that starts psql makes psql
// look as large as Python.

#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <chrono>
#include <cstdio>
#include <cstring>

extern char** environ;

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fputs("usage: measure REPORT COMMAND [ARGUMENT...]\n", stderr);
    return 64;
  }
  const auto started = std::chrono::steady_clock::now();
  pid_t child = 0;
  if (const int error = posix_spawnp(&child, argv[2], nullptr, nullptr, argv + 2, environ);
      error != 0) {
    std::fprintf(stderr, "measure: %s: %s\n", argv[2], std::strerror(error));
    return 1;
  }
  int status = 0;
  rusage used{};
  if (wait4(child, &status, 0, &used) != child) {
    std::perror("measure");
    return 1;
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - started;

  std::FILE* report = std::fopen(argv[1], "w");
  if (report == nullptr) {
    std::perror(argv[1]);
    return 1;
  }
  const int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  std::fprintf(report, "%.6f %ld\n", took.count(), used.ru_maxrss);
  return std::fclose(report) == 0 ? code : 1;
}
