#pragma once

#include <boost/json.hpp>
#include <string_view>

#include "reconcilers/core/result.h"

// Parse trees as libpg_query writes them: JSON in which every node is wrapped in its type, and what
// is false, zero or empty is left out. Private to reconcilers/sql.
namespace reconcile::sql {

/// Writing a parse tree as JSON recurses in C; 100,000 nested operators end the process. What is
/// longer than this is refused rather than risked.
inline constexpr std::size_t max_tree_size = 32U << 10U;

/// The tree of one statement. REQUIRES: not longer than max_tree_size, string constants aside.
Result<boost::json::value> tree_of(std::string_view statement);

/// A node: its type, "AlterTableStmt", and its members.
struct Node {
  std::string_view type;
  const boost::json::object* members = nullptr;
};

/// The node that `value` wraps; no members where it is none.
Node node_in(const boost::json::value& value);
/// The statement of a tree of tree_of(); no members where there is none.
Node statement_in(const boost::json::value& tree);

/// The members of the node in `value`; null where it is none.
const boost::json::object* inner(const boost::json::value& value);
/// The member `key` as an object, an array, text or truth; null, empty or false where it is not.
const boost::json::object* object_in(const boost::json::object& node, std::string_view key);
const boost::json::array& array_in(const boost::json::object& node, std::string_view key);
std::string_view text_of(const boost::json::object& node, std::string_view key);
bool flag(const boost::json::object& node, std::string_view key);

}  // namespace reconcile::sql
