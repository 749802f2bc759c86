#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>

#include "controller/http/controller_metrics.h"

namespace reconcile::http {
namespace {

Samples one(double value) { return {{{}, value}}; }

double resident_bytes() {
  std::ifstream file("/proc/self/statm");
  double all = 0;
  double resident = 0;
  file >> all >> resident;
  return resident * static_cast<double>(::sysconf(_SC_PAGESIZE));
}

double open_descriptors() {
  std::error_code code;
  std::filesystem::directory_iterator entries("/proc/self/fd", code);
  double count = 0;
  for (; !code && entries != std::filesystem::directory_iterator(); entries.increment(code))
    ++count;
  return count - 1;  // the one this look needs
}

double cpu_seconds() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

}  // namespace

void ControllerMetrics::describe_process() {
  registry_.computed("process_resident_memory_bytes", "Resident memory", {},
                     [] { return one(resident_bytes()); });
  registry_.computed("process_open_fds", "Open file descriptors", {},
                     [] { return one(open_descriptors()); });
  registry_.computed(
      "process_cpu_seconds_total", "Processor time used", {}, [] { return one(cpu_seconds()); },
      true);
  const double start =
      std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
  registry_.computed("process_start_time_seconds", "When the process began to work", {},
                     [start] { return one(start); });
}

}  // namespace reconcile::http
