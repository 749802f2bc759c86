#include "controller/cli/serve_pages.h"

#include <fmt/format.h>

#include <charconv>

#include "controller/dashboard/approve.h"
#include "controller/dashboard/assets.h"
#include "controller/dashboard/diagram.h"
#include "controller/dashboard/drift.h"
#include "controller/dashboard/fleet.h"
#include "controller/dashboard/front.h"
#include "controller/dashboard/history.h"
#include "controller/dashboard/plan.h"
#include "controller/dashboard/timeline.h"
#include "controller/http/api.h"
#include "controller/http/problem.h"

namespace reconcile::cli {
namespace {

using dashboard::TargetView;
using dashboard::Viewer;
using http::Reply;
using http::Request;
using http::Role;
using http::Route;

constexpr std::size_t attempts_shown = 100;

Reply html(std::string body, unsigned status = 200) {
  return {.status = status, .type = "text/html; charset=utf-8", .body = std::move(body)};
}

/// Back to a page, by GET: a form is not sent again when that page is loaded anew.
Reply back_to(std::string path) {
  return {.status = 303, .type = "text/plain", .headers = {{"Location", std::move(path)}}};
}

/// What the pages of the dashboard have in common.
class Pages {
 public:
  Pages(Fleet& fleet, const http::Access& access) : fleet_(fleet), access_(access) {}

  Viewer viewer(const Request& request) const {
    return {.now = std::chrono::system_clock::now(),
            .actor = request.caller.name,
            .csrf = request.caller.csrf,
            .may_operate = request.caller.role >= Role::Operate,
            .may_approve = request.caller.role >= Role::Approve,
            .may_sign_in = access_.has_tokens() && request.caller.name.empty()};
  }

  Reply failed(const Request& request, const Error& error) const {
    return failed(request, error, http::status_of(error.kind));
  }
  Reply failed(const Request& request, const Error& error, unsigned status) const {
    return html(dashboard::error_page(static_cast<int>(status), error, viewer(request)), status);
  }

  Reply fleet_page(const Request& request) const {
    std::vector<TargetStatus> targets = fleet_.targets();
    std::erase_if(targets,
                  [&](const TargetStatus& status) { return !request.caller.sees(status.target); });
    std::size_t page = 1;
    const std::string asked = request.asked("page").value_or("1");
    std::from_chars(asked.data(), asked.data() + asked.size(), page);
    return html(dashboard::fleet_page(
        {.targets = targets, .query = request.asked("q").value_or(""), .page = page},
        viewer(request)));
  }

  /// Calls `show` with the target, where the caller may see one of that name.
  template <class Show>
  Reply of_target(const Request& request, Show show) const {
    const std::string name(request.parameter("target"));
    const auto status =
        request.caller.sees(name) ? fleet_.target(name) : std::optional<TargetStatus>();
    if (!status) {
      return failed(request,
                    {.kind = ErrorKind::Usage,
                     .where = name,
                     .what = "there is no target of this name",
                     .why = "",
                     .next = "choose one from the list of targets"},
                    404);
    }
    return show(*status);
  }

  /// The same with what the pages of a target have in common.
  template <class Show>
  Reply page_of(const Request& request, Show show) const {
    return of_target(request, [&](const TargetStatus& status) {
      TargetView view{.status = status, .message = request.asked("said").value_or("")};
      // The page is worth seeing without git's line, too.
      if (auto commits = fleet_.commits(status.target, dashboard::timeline_commits))
        view.commits = std::move(*commits);
      return show(view);
    });
  }

  Fleet& fleet() const { return fleet_; }

 private:
  Fleet& fleet_;
  const http::Access& access_;
};

/// A page of a target that is made of its status and of what one question to the fleet returns.
template <class Ask, class Show>
Reply asked_page(const Pages& pages, const Request& request, Ask ask, Show show) {
  return pages.page_of(request, [&](const TargetView& view) {
    auto answer = ask(view.status.target);
    if (!answer) return pages.failed(request, answer.error());
    return html(show(view, *answer));
  });
}

Reply approve_page(const Pages& pages, const Request& request, const std::string& problem = {},
                   const std::string& reason = {}) {
  return pages.of_target(request, [&](const TargetStatus& status) {
    auto report = pages.fleet().plan(status.target);
    if (!report) return pages.failed(request, report.error());
    return html(dashboard::approve_page({status, *report, problem, reason}, pages.viewer(request)));
  });
}

Reply blame_page(const Pages& pages, const Request& request) {
  return pages.page_of(request, [&](const TargetView& view) {
    dashboard::BlameView blame{.target = view, .object = request.asked("object").value_or("")};
    if (!blame.object.empty()) {
      auto records = pages.fleet().blame(view.status.target, blame.object);
      if (!records) return pages.failed(request, records.error());
      blame.records = std::move(*records);
    }
    return html(dashboard::blame_page(blame, pages.viewer(request)));
  });
}

std::vector<Route> reading_routes(const Pages& pages) {
  const auto on_target = [](std::string tail, std::function<Reply(const Request&)> handler) {
    return Route{"GET", "/targets/{target}" + tail, Role::Read, true, std::move(handler)};
  };
  std::vector<Route> routes{
      {"GET", "/", Role::Read, false, [=](const Request& r) { return pages.fleet_page(r); }},
      on_target(
          "",
          [=](const Request& r) {
            return pages.page_of(r, [&](const TargetView& view) {
              return html(dashboard::plan_page({view, view.status.report.get()}, pages.viewer(r)));
            });
          }),
      on_target("/row",
                [=](const Request& r) {
                  return pages.of_target(r, [&](const TargetStatus& status) {
                    return html(dashboard::target_row(status, pages.viewer(r)));
                  });
                }),
      on_target("/diagram",
                [=](const Request& r) {
                  return pages.page_of(r, [&](const TargetView& view) {
                    return html(dashboard::diagram_page({view, view.status.report.get(), {}},
                                                        pages.viewer(r)));
                  });
                }),
      on_target(
          "/drift",
          [=](const Request& r) {
            return pages.page_of(r, [&](const TargetView& view) {
              return html(dashboard::drift_page({view, view.status.report.get()}, pages.viewer(r)));
            });
          }),
      on_target("/blame", [=](const Request& r) { return blame_page(pages, r); }),
      on_target("/approve", [=](const Request& r) { return approve_page(pages, r); })};
  routes.push_back(on_target("/history", [=](const Request& r) {
    return asked_page(
        pages, r,
        [&](const std::string& target) { return pages.fleet().history(target, attempts_shown); },
        [&](const TargetView& view, const std::vector<Attempt>& attempts) {
          return dashboard::history_page(view, attempts, pages.viewer(r));
        });
  }));
  routes.push_back(on_target("/quarantine", [=](const Request& r) {
    return asked_page(
        pages, r, [&](const std::string& target) { return pages.fleet().quarantine(target); },
        [&](const TargetView& view, const std::vector<QuarantineEntry>& entries) {
          return dashboard::quarantine_page(view, entries, pages.viewer(r));
        });
  }));
  return routes;
}

/// A form of a target's page: what it came to is said on the page that it returns to.
template <class Act>
Route form(const Pages& pages, std::string tail, Role role, Act act) {
  return {
      "POST", "/targets/{target}" + tail, role, true, [=](const Request& request) {
        return pages.of_target(request, [&](const TargetStatus& status) {
          const Result<std::string> said = act(request, status.target);
          if (!said) return pages.failed(request, said.error());
          return back_to(fmt::format("/targets/{}?said={}", http::percent_encoded(status.target),
                                     http::percent_encoded(*said)));
        });
      }};
}

Result<std::string> suspend(Fleet& fleet, const Request& request, const std::string& target) {
  std::optional<std::chrono::seconds> length;
  if (const std::string text = request.field("for").value_or(""); !text.empty()) {
    std::int64_t seconds = 0;
    std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (seconds > 0) length = std::chrono::seconds(seconds);
  }
  auto suspended =
      fleet.suspend(target, request.field("reason").value_or(""), length, request.caller.name);
  if (!suspended) return suspended.error();
  return describe(*suspended);
}

/// What it is refused for is said where the person who asked still sees what is at stake.
Reply approve(const Pages& pages, const Request& request, const std::string& target) {
  const std::string reason = request.field("reason").value_or("");
  const std::string problem =
      dashboard::refused_confirmation(target, request.field("confirm").value_or(""));
  if (!problem.empty()) return approve_page(pages, request, problem, reason);
  auto approved = pages.fleet().approve(target, request.field("plan").value_or(""), reason,
                                        request.caller.name);
  if (!approved) return approve_page(pages, request, describe(approved.error()), reason);
  return back_to(fmt::format("/targets/{}?said=Approved", http::percent_encoded(target)));
}

std::vector<Route> acting_routes(const Pages& pages) {
  return {form(pages, "/reconcile", Role::Operate,
               [=](const Request&, const std::string& target) -> Result<std::string> {
                 if (auto asked = pages.fleet().look_again(target); !asked) return asked.error();
                 return std::string("A look was asked for");
               }),
          form(pages, "/suspend", Role::Operate,
               [=](const Request& request, const std::string& target) {
                 return suspend(pages.fleet(), request, target);
               }),
          form(pages, "/resume", Role::Operate,
               [=](const Request& request, const std::string& target) -> Result<std::string> {
                 auto resumed = pages.fleet().resume(target, request.caller.name);
                 if (!resumed) return resumed.error();
                 return std::string("Resumed: the next pass applies what git has");
               }),
          form(pages, "/heal", Role::Operate,
               [=](const Request& request, const std::string& target) -> Result<std::string> {
                 auto healed = pages.fleet().heal(target, request.caller.name);
                 if (!healed) return healed.error();
                 return "Healing: " + sentence(standing_of(*healed));
               }),
          form(pages, "/restore", Role::Operate,
               [=](const Request& request, const std::string& target) -> Result<std::string> {
                 const std::string text = request.field("entry").value_or("");
                 std::int64_t entry = 0;
                 std::from_chars(text.data(), text.data() + text.size(), entry);
                 auto notes = pages.fleet().restore(target, entry, request.caller.name);
                 if (!notes) return notes.error();
                 std::string said = "Restored";
                 for (const std::string& note : *notes) said += "; " + note;
                 return said;
               }),
          {"POST", "/targets/{target}/approve", Role::Approve, true,
           [=](const Request& request) {
             return pages.of_target(request, [&](const TargetStatus& status) {
               return approve(pages, request, status.target);
             });
           }},
          {"POST", "/reconcile", Role::Operate, true, [=](const Request& request) {
             if (auto asked = http::look_at_all_of(pages.fleet(), request.caller); !asked)
               return pages.failed(request, asked.error());
             return back_to("/");
           }}};
}

Reply asset_reply(const Request& request) {
  const auto found = dashboard::asset(request.path);
  if (!found) return {.status = 404, .type = "text/plain", .body = "there is no such file\n"};
  return {.type = std::string(found->type),
          .headers = {{"Cache-Control", "public, max-age=31536000, immutable"}},
          .body = std::string(found->body)};
}

}  // namespace

std::vector<Route> page_routes(Fleet& fleet, const http::Access& access) {
  const Pages pages(fleet, access);
  std::vector<Route> routes = reading_routes(pages);
  std::ranges::move(acting_routes(pages), std::back_inserter(routes));
  routes.push_back({"GET", "/assets/{version}/{name}", Role::Anyone, false, asset_reply});
  routes.push_back({"GET", "/login", Role::Anyone, false, [](const Request& request) {
                      return html(sign_in_page(request.asked("message").value_or(""),
                                               request.asked("next").value_or("/")));
                    }});
  return routes;
}

std::string sign_in_page(std::string_view message, std::string_view next) {
  return dashboard::login_page(std::string(message), std::string(next),
                               {.now = std::chrono::system_clock::now()});
}

}  // namespace reconcile::cli
