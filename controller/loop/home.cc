#include "controller/loop/home.h"

#include <unistd.h>

namespace reconcile::loop {

Result<HomeLook> Home::look(Work& work, const std::vector<std::string>& targets) {
  if (!session_) {
    auto opened = work.open_home(name_);
    if (!opened) return opened.error();
    session_ = std::move(*opened);
  }
  auto settled = settle(targets);
  if (!settled) session_.reset();
  return settled;
}

Result<HomeLook> Home::settle(const std::vector<std::string>& targets) {
  auto seen = session_->look(targets);
  if (!seen) return seen.error();
  const Moves moves = balance(targets, *seen);
  if (!moves.give_up.empty()) {
    if (auto done = session_->give_up(moves.give_up); !done) return done.error();
  }
  if (!moves.take.empty()) {
    if (auto taken = session_->take(moves.take); !taken) return taken.error();
  }
  if (!moves.give_up.empty() || !moves.take.empty()) {
    seen = session_->look(targets);
    if (!seen) return seen.error();
  }
  auto notices = session_->notices();
  if (!notices) return notices.error();
  return HomeLook{std::move(*seen), std::move(*notices)};
}

void Home::ignore() {
  boost::system::error_code ignored;
  watch_.cancel(ignored);
}

void Home::watch(std::function<void()> arrived) {
  const int socket = session_ ? session_->socket() : -1;
  if (socket != watched_) {
    boost::system::error_code ignored;
    watch_.close(ignored);
    watched_ = socket;
    if (socket >= 0) watch_.assign(::dup(socket), ignored);
  }
  if (!watch_.is_open()) return;
  watch_.cancel();
  watch_.async_wait(boost::asio::posix::stream_descriptor::wait_read,
                    [arrived = std::move(arrived)](const boost::system::error_code& code) {
                      if (!code) arrived();
                    });
}

}  // namespace reconcile::loop
