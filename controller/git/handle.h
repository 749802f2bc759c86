#pragma once

#include <git2.h>

#include <memory>
#include <utility>

namespace reconcile::git {

template <auto Free>
struct Release {
  template <class T>
  void operator()(T* handle) const noexcept {
    Free(handle);
  }
};

template <class T, auto Free>
using Handle = std::unique_ptr<T, Release<Free>>;

using RepositoryHandle = Handle<git_repository, git_repository_free>;
using OdbHandle = Handle<git_odb, git_odb_free>;
using ObjectHandle = Handle<git_object, git_object_free>;
using CommitHandle = Handle<git_commit, git_commit_free>;
using TreeHandle = Handle<git_tree, git_tree_free>;
using TreeEntryHandle = Handle<git_tree_entry, git_tree_entry_free>;
using TagHandle = Handle<git_tag, git_tag_free>;
using OdbObjectHandle = Handle<git_odb_object, git_odb_object_free>;
using ReferenceHandle = Handle<git_reference, git_reference_free>;
using ReferenceIteratorHandle = Handle<git_reference_iterator, git_reference_iterator_free>;
using RevwalkHandle = Handle<git_revwalk, git_revwalk_free>;
using PackbuilderHandle = Handle<git_packbuilder, git_packbuilder_free>;
using IndexerHandle = Handle<git_indexer, git_indexer_free>;
using StatusListHandle = Handle<git_status_list, git_status_list_free>;

/// Wraps libgit2's out-parameters: `open` fills one and returns its code, `failed` turns a negative
/// code into what is thrown.
template <class H, class Open, class Failed>
H acquire(Open&& open, Failed&& failed) {
  typename H::pointer raw = nullptr;
  const int code = open(&raw);
  H handle(raw);
  if (code < 0) throw failed(code);
  return handle;
}

}  // namespace reconcile::git
