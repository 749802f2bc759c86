#include "controller/git/tidy.h"

#include <git2.h>
#include <git2/sys/odb_backend.h>

#include <vector>

#include "controller/git/failure.h"

namespace reconcile::git {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_small_packs = 20;
constexpr std::uintmax_t small_bytes = std::uintmax_t{1} << 20U;

fs::path packs_of(const fs::path& mirror) { return mirror / "objects" / "pack"; }

/// The packs that are worth joining, without their extensions.
std::vector<fs::path> small_packs(const fs::path& mirror) {
  std::vector<fs::path> packs;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(packs_of(mirror), ignored)) {
    if (entry.path().extension() != ".idx") continue;
    fs::path pack = entry.path();
    pack.replace_extension(".pack");
    if (const auto size = fs::file_size(pack, ignored); !ignored && size < small_bytes)
      packs.push_back(pack.replace_extension());
  }
  return packs;
}

/// All but the packs.
void copy_rest(const fs::path& mirror, const fs::path& made) {
  const fs::path packs = packs_of(mirror);
  for (auto at = fs::recursive_directory_iterator(mirror); at != fs::recursive_directory_iterator();
       ++at) {
    const fs::path to = made / fs::relative(at->path(), mirror);
    if (at->is_directory()) {
      fs::create_directories(to);
      if (at->path() == packs) at.disable_recursion_pending();
    } else {
      fs::copy_file(at->path(), to);
    }
  }
}

void link_packs(const fs::path& mirror, const fs::path& made,
                const std::vector<fs::path>& without) {
  for (const auto& entry : fs::directory_iterator(packs_of(mirror))) {
    fs::path stem = entry.path();
    if (std::ranges::find(without, stem.replace_extension()) != without.end()) continue;
    fs::create_hard_link(entry.path(), packs_of(made) / entry.path().filename());
  }
}

void join(const std::vector<fs::path>& packs, const Objects& objects, const fs::path& made) {
  const auto failed = [&](int code) { return objects.failed(code, "cannot be packed anew"); };
  const auto builder = acquire<PackbuilderHandle>(
      [&](git_packbuilder** out) { return git_packbuilder_new(out, objects.repository()); },
      failed);
  const auto odb = acquire<OdbHandle>([](git_odb** out) { return git_odb_new(out); }, failed);
  for (const fs::path& pack : packs) {
    git_odb_backend* backend = nullptr;
    const std::string index = pack.string() + ".idx";
    if (const int code = git_odb_backend_one_pack(&backend, index.c_str()); code < 0)
      throw failed(code);
    // The odb owns it from here on.
    if (const int code = git_odb_add_backend(odb.get(), backend, 1); code < 0) {
      backend->free(backend);
      throw failed(code);
    }
  }
  const auto add = [](const git_oid* id, void* to) {
    return git_packbuilder_insert(static_cast<git_packbuilder*>(to), id, nullptr);
  };
  if (const int code = git_odb_foreach(odb.get(), add, builder.get()); code < 0) throw failed(code);
  const int code =
      git_packbuilder_write(builder.get(), packs_of(made).c_str(), 0, nullptr, nullptr);
  if (code < 0) throw failed(code);
}

}  // namespace

bool is_untidy(const fs::path& mirror) { return small_packs(mirror).size() > most_small_packs; }

void make_tidy(const fs::path& mirror, const Objects& objects, const fs::path& made) {
  const std::vector<fs::path> packs = small_packs(mirror);
  try {
    fs::create_directories(made);
    copy_rest(mirror, made);
    link_packs(mirror, made, packs);
  } catch (const fs::filesystem_error& error) {
    throw Failure(Blame::Input, Error{.kind = ErrorKind::Transient,
                                      .where = made.string(),
                                      .what = "cannot be written",
                                      .why = error.code().message(),
                                      .next = "look at the disk of this machine"});
  }
  join(packs, objects, made);
}

}  // namespace reconcile::git
