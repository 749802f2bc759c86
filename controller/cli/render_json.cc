#include <boost/json.hpp>

#include "controller/cli/render.h"
#include "reconcilers/render/report_json.h"

namespace reconcile::cli {

std::string render_json(const PassReport& report) {
  return boost::json::serialize(render::report_json(report)) + "\n";
}

std::string render_blame_json(const std::string& target, const std::vector<ObjectRecord>& objects) {
  boost::json::array list;
  for (const ObjectRecord& object : objects) list.push_back(render::object_json(object));
  const boost::json::object document{{"target", target}, {"objects", std::move(list)}};
  return boost::json::serialize(document) + "\n";
}

std::string render_history_json(const std::string& target, const std::vector<Attempt>& attempts) {
  return boost::json::serialize(render::history_json(target, attempts)) + "\n";
}

}  // namespace reconcile::cli
