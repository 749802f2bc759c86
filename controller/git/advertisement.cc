#include "controller/git/advertisement.h"

#include <fmt/format.h>
#include <git2.h>

#include <algorithm>
#include <utility>

#include "controller/git/failure.h"

namespace reconcile::git {
namespace {

constexpr std::string_view kShallow = "shallow ";
constexpr std::string_view kError = "ERR ";
constexpr std::string_view kHeadIs = "symref=HEAD:";
constexpr std::string_view kNoReferences = "capabilities^{}";

Failure refused(const std::string& shown, std::string what, std::string why, std::string next) {
  return Failure(Blame::Source, Error{.kind = ErrorKind::Terminal,
                                      .where = shown,
                                      .what = std::move(what),
                                      .why = std::move(why),
                                      .next = std::move(next)});
}

class Reader {
 public:
  Reader(const std::string& shown, std::size_t most) : shown_(shown), most_(most) {}

  void take(std::string_view line) {
    if (line.ends_with('\n')) line.remove_suffix(1);
    if (line.starts_with(kError))
      throw refused(shown_, "refuses to be read", shortened(line.substr(kError.size())),
                    "check the address, and the rights of the key or token");
    if (line.starts_with(kShallow)) return take_shallow(line.substr(kShallow.size()));
    // The first reference carries the capabilities behind a zero.
    if (const std::size_t zero = line.find('\0'); zero != std::string_view::npos) {
      take_capabilities(line.substr(zero + 1));
      line = line.substr(0, zero);
    }
    take_reference(line);
  }

  Advertisement finished() {
    References& references = found_.references;
    // A repository without a commit does not say which branch it begins with.
    if (head_id_ && references.head.empty()) references.detached = head_id_;
    if (references.head.empty()) references.head = "refs/heads/main";
    if (!is_valid(references.head)) throw nonsense(references.head);
    for (const auto& [name, id] : references.tips) check_name(name);
    for (const std::string& line : shallow_) found_.shallow += line;
    return std::move(found_);
  }

 private:
  static std::string shortened(std::string_view text) {
    constexpr std::size_t most = 300;
    std::string kept(text.substr(0, most));
    std::ranges::replace_if(
        kept, [](char c) { return static_cast<unsigned char>(c) < ' '; }, ' ');
    return kept;
  }

  void take_shallow(std::string_view text) {
    if (!full_id(text)) throw nonsense(text);
    shallow_.insert(fmt::format("{}\n", text));
    count();
  }

  void take_capabilities(std::string_view text) {
    while (!text.empty()) {
      const std::size_t space = std::min(text.find(' '), text.size());
      const std::string_view word = text.substr(0, space);
      if (word.starts_with(kHeadIs)) found_.references.head = word.substr(kHeadIs.size());
      if (word == "object-format=sha256")
        throw refused(shown_, "uses ids of 64 digits", "only repositories with SHA-1 can be read",
                      "follow a repository with the usual object format");
      found_.capabilities.emplace(word);
      text.remove_prefix(std::min(space + 1, text.size()));
    }
  }

  void take_reference(std::string_view line) {
    const std::size_t space = std::min(line.find(' '), line.size());
    const auto id = full_id(line.substr(0, space));
    const std::string name(line.substr(std::min(space + 1, line.size())));
    if (!id || name.empty()) throw nonsense(line);
    if (name == kNoReferences) return;
    count();
    if (name == "HEAD") head_id_ = id;
    const bool peeled = name.ends_with("^{}");
    const bool wanted = name.starts_with("refs/heads/") || name.starts_with("refs/tags/");
    if (wanted && !peeled) found_.references.tips.emplace(name, *id);
  }

  void count() {
    if (++references_ <= most_) return;
    throw refused(shown_, "has too many references", fmt::format("the limit is {}", most_),
                  "remove branches and tags that nobody needs");
  }

  static bool is_valid(const std::string& name) {
    int valid = 0;
    git_reference_name_is_valid(&valid, name.c_str());
    return valid == 1;
  }

  // A branch `a` beside `a/b` cannot be: one is a file where the other has a folder.
  void check_name(const std::string& name) const {
    bool valid = is_valid(name);
    for (std::size_t slash = name.find('/'); slash != std::string::npos && valid;
         slash = name.find('/', slash + 1)) {
      valid = !found_.references.tips.contains(name.substr(0, slash));
    }
    if (valid) return;
    throw refused(shown_, "has a reference with a name that git does not take", shortened(name),
                  "rename it there");
  }

  Failure nonsense(std::string_view line) const {
    return refused(shown_, "does not speak git's protocol",
                   fmt::format("it sends: {}", shortened(line)),
                   "look whether `git ls-remote` works with this address");
  }

  const std::string& shown_;
  std::size_t most_;
  std::size_t references_ = 0;
  std::optional<git_oid> head_id_;
  std::set<std::string> shallow_;
  Advertisement found_;
};

}  // namespace

Advertisement read_advertisement(PacketReader& packets, const std::string& shown,
                                 std::size_t most) {
  Reader reader(shown, most);
  auto line = packets.next();
  // Over HTTP the name of the service comes first, and a flush packet of its own.
  if (line && line->starts_with("# service=")) {
    packets.next();
    line = packets.next();
  }
  for (; line; line = packets.next()) reader.take(*line);
  return reader.finished();
}

}  // namespace reconcile::git
