#pragma once

#include <boost/json.hpp>
#include <string>
#include <vector>

namespace reconcile::test {

/// What of `value` is not as `schema` says, one sentence each: the part of JSON Schema that our own
/// documents use. `root` is the document in which `$ref` looks.
std::vector<std::string> violations(const boost::json::value& value,
                                    const boost::json::value& schema,
                                    const boost::json::value& root, const std::string& where = "$");

/// Follows `$ref`, if it is one.
const boost::json::value& resolved(const boost::json::value& schema,
                                   const boost::json::value& root);

}  // namespace reconcile::test
