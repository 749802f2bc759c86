#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <cstdlib>
#include <exception>
#include <iostream>

#include "controller/cli/commands.h"
#include "controller/cli/options.h"
#include "controller/cli/secrets.h"
#include "controller/cli/wiring.h"

namespace {

using reconcile::cli::Command;
using reconcile::cli::Farewell;
using reconcile::cli::Invocation;

void set_up_logging(bool verbose) {
  auto logger = spdlog::stderr_color_mt("reconcile");
  logger->set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %^%l%$ %v", spdlog::pattern_time_type::utc);
  logger->set_level(verbose ? spdlog::level::debug : spdlog::level::info);
  spdlog::set_default_logger(std::move(logger));
}

int run(const Invocation& invocation) {
  switch (invocation.command) {
    case Command::Serve:
      break;
    case Command::Once:
      return reconcile::cli::once(invocation);
    case Command::Plan:
      return reconcile::cli::plan(invocation);
    case Command::Drift:
      return reconcile::cli::drift(invocation);
    case Command::Heal:
      return reconcile::cli::heal(invocation);
    case Command::Adopt:
      return reconcile::cli::adopt(invocation);
    case Command::Blame:
      return reconcile::cli::blame(invocation);
    case Command::Status:
      return reconcile::cli::status(invocation);
    case Command::History:
      return reconcile::cli::history(invocation);
    case Command::Snapshot:
      return reconcile::cli::snapshot(invocation);
    case Command::Rollback:
      return reconcile::cli::rollback(invocation);
    case Command::Verify:
      return reconcile::cli::verify(invocation);
    case Command::Approve:
      return reconcile::cli::approve(invocation);
    case Command::Restore:
      return reconcile::cli::restore(invocation);
    case Command::Purge:
      return reconcile::cli::purge(invocation);
    case Command::Suspend:
      return reconcile::cli::suspend(invocation);
    case Command::Resume:
      return reconcile::cli::resume(invocation);
  }
  return 64;
}

std::optional<std::string> environment(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  if (value == nullptr || *value == '\0') return std::nullopt;
  return std::string(value);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const std::vector<std::string> words(argv, argv + argc);
    const auto parse = [&] {
      std::vector<const char*> arguments;
      for (const std::string& word : words) arguments.push_back(word.c_str());
      return reconcile::cli::parse(argc, arguments.data(), environment);
    };
    auto parsed = parse();
    reconcile::cli::hide_secrets(argc, argv);
    if (const auto* farewell = std::get_if<Farewell>(&parsed)) {
      (farewell->exit_code == 0 ? std::cout : std::cerr) << farewell->text;
      return farewell->exit_code;
    }
    auto& invocation = std::get<Invocation>(parsed);
    set_up_logging(invocation.verbose);
    if (invocation.command == Command::Serve) return reconcile::cli::serve(invocation, parse);
    if (invocation.command != Command::Verify) {
      if (auto found = reconcile::cli::look_up_fleets(invocation); !found)
        return reconcile::cli::report_failure(found.error());
    }
    return run(invocation);
  } catch (const std::exception& fault) {
    std::cerr << "error: " << fault.what()
              << "\n  next: this is a fault of reconcile: please report it\n";
    return 1;
  }
}
