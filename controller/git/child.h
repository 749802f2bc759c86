#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace reconcile::git {

/// A program that is run without a shell, in a process group of its own, and talked with. Nothing
/// of it is left when this ends.
class Child {
 public:
  using Time = std::chrono::steady_clock::time_point;
  enum class Wait { Ready, Ended, TimedOut };
  struct Read {
    Wait wait;
    std::size_t bytes = 0;
  };

  /// Throws std::system_error where the program cannot be started.
  explicit Child(const std::vector<std::string>& command);
  ~Child();
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  /// Its standard output; Ended behind the last byte.
  Read read(std::span<char> place, Time deadline);
  /// To its standard input. Ended where it does not read any more.
  Wait write(std::string_view text, Time deadline);
  void close_input();

  /// How it ended, as waitpid has it; kills it where it has not by `deadline`, and all of its group
  /// in any case.
  int finish(Time deadline);

  /// The last lines that it wrote to its standard error, shortened, on one line.
  std::string complaint() const;

 private:
  Wait wait_for(short events, Time deadline);
  void take_complaint();

  pid_t pid_ = 0;
  int talk_ = -1;   // both its standard input and its output: a socket, which cannot raise SIGPIPE
  int error_ = -1;  // its standard error
  bool reaped_ = false;
  int status_ = 0;
  std::string said_;
};

/// Runs a program to its end with this input; nothing where it has not ended within `limit`.
struct Finished {
  bool succeeded;
  std::string output;
  std::string complaint;
};
std::optional<Finished> run_to_end(const std::vector<std::string>& command, std::string_view input,
                                   std::chrono::milliseconds limit);

}  // namespace reconcile::git
