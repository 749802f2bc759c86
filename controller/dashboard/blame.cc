#include "controller/dashboard/history.h"
#include "controller/dashboard/parts.h"
#include "controller/dashboard/times.h"

namespace reconcile::dashboard {
namespace {

struct State {
  std::string_view word, key;
};

State state_of(const Difference& object) {
  if (!object.owned && !object.live) return {"removed", "paused"};
  if (!object.owned) return {"not git’s: in the database, in no commit", "drifted"};
  if (!object.live) return {"missing: not in the database any more", "failed"};
  if (*object.live != *object.owned) return {"altered: no longer as git made it", "drifted"};
  return {"as git made it", "in-sync"};
}

Html sql(std::string_view label, const std::string& text) {
  return markup(
      "<pre class=\"sql\" tabindex=\"0\" role=\"group\" aria-label=\"{}\"><code>{}</code></pre>",
      label, text);
}

Html past(const ObjectRecord& record, const Viewer& viewer) {
  Html items;
  if (!record.state.origin.file.empty()) {
    items += markup("<li><p>{} <strong>made it so</strong> in <code>{}</code>, {}</p>{}</li>",
                    commit(record.state.origin.commit),
                    Owner{record.state.origin.file, record.line}.text(),
                    relative(record.since, viewer.now),
                    record.subject.empty()
                        ? Html()
                        : markup("<p class=\"why\">{}, by {}</p>", record.subject, record.author));
  } else if (record.state.owned) {
    items += markup("<li><p>Made before an inventory was kept.</p></li>");
  }
  for (const ObjectChange& change : record.changes) {
    items += markup(
        "<li><p>{} <strong>{}</strong> it in <code>{}</code>, {}; until then it was</p>{}</li>",
        commit(change.origin.commit), change.action, change.origin.file,
        relative(change.at, viewer.now), sql("Before", change.before));
  }
  return markup("<ol class=\"past\">{}</ol>", items);
}

Html record_section(const ObjectRecord& record, const Viewer& viewer) {
  const Difference& state = record.state;
  const State now = state_of(state);
  Html definitions;
  if (state.owned && state.live != state.owned)
    definitions += markup("<h4>Git has</h4>{}", sql("Git has", *state.owned));
  if (state.live)
    definitions += markup("<h4>The database has</h4>{}", sql("The database has", *state.live));
  return markup(
      "<section class=\"drift\"><h3><span class=\"kind\">{}</span> {} <span class=\"chip "
      "is-{}\">{}</span></h3>{}{}</section>",
      state.object.kind, name(state.object.name), now.key, now.word, past(record, viewer),
      definitions);
}

}  // namespace

std::string blame_page(const BlameView& view, const Viewer& viewer) {
  Html content = markup(
      "<form class=\"ask\" method=\"get\" action=\"{}\"><label for=\"object\">Object</label><input "
      "id=\"object\" name=\"object\" value=\"{}\" placeholder=\"entries.total\" required "
      "autocomplete=\"off\" autocapitalize=\"off\" spellcheck=\"false\"><button>Who made it so?"
      "</button></form>",
      target_path(view.target.status.target, "/blame"), view.object);
  for (const ObjectRecord& record : view.records) content += record_section(record, viewer);
  if (view.object.empty()) {
    content += empty(markup("Every object has a commit"),
                     markup("A table, a column, an index: any name the database has."));
  } else if (view.records.empty()) {
    content +=
        empty(markup("No object of that name"),
              markup("Neither git nor the database has {}. Give the whole name, or its end after a "
                     "dot.",
                     name(view.object)));
  }
  return target_document(Tab::Blame, view.target, content, viewer);
}

}  // namespace reconcile::dashboard
