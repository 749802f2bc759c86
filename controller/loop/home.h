#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "controller/loop/leases.h"
#include "controller/loop/work.h"

namespace reconcile::loop {

/// What a look at a home came to.
struct HomeLook {
  Leaders leaders;
  std::vector<Notice> notices;
};

/// The session in a database that replicas share. look() blocks and runs on a worker, one at a
/// time; the rest belongs to the I/O thread.
class Home {
 public:
  Home(boost::asio::io_context& io, std::string name) : name_(std::move(name)), watch_(io) {}

  /// Opens the session where there is none, settles who leads what, and takes what has arrived.
  /// After an error the session is closed, and with it every lease is given up.
  Result<HomeLook> look(Work& work, const std::vector<std::string>& targets);

  /// Calls `arrived` once when there is something to take. Call it again after each look.
  void watch(std::function<void()> arrived);
  /// Until then. A look reads the answers to its own questions from the same socket, and takes
  /// what has arrived until its end.
  void ignore();

  const std::string& name() const { return name_; }

  Leaders leaders;             ///< as of the last look
  std::optional<Error> error;  ///< of the last look
  bool looked = false;         ///< at least once, whatever came of it

 private:
  Result<HomeLook> settle(const std::vector<std::string>& targets);

  std::string name_;
  std::unique_ptr<Leadership> session_;
  /// A copy of the session's socket, so that closing one never closes the other's.
  boost::asio::posix::stream_descriptor watch_;
  int watched_ = -1;
};

}  // namespace reconcile::loop
