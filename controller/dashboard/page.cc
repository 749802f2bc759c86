#include "controller/dashboard/page.h"

#include "controller/dashboard/assets.h"
#include "controller/dashboard/times.h"

namespace reconcile::dashboard {
namespace {

Html head(const Page& page) {
  return markup(
      "<head><meta charset=\"utf-8\">"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
      "<meta name=\"color-scheme\" content=\"light dark\">"
      "<title>{} · reconcile</title>"
      "<link rel=\"icon\" type=\"image/svg+xml\" href=\"{}\">"
      "<link rel=\"stylesheet\" href=\"{}\"><link rel=\"stylesheet\" href=\"{}\">"
      "<link rel=\"stylesheet\" href=\"{}\">"
      "<script src=\"{}\"></script><script type=\"module\" src=\"{}\"></script></head>",
      page.title, asset_url("icon.svg"), asset_url("base.css"), asset_url("views.css"),
      asset_url("media.css"), asset_url("theme.js"), asset_url("app.js"));
}

Html session(const Viewer& viewer) {
  if (!viewer.actor.empty()) {
    return markup(
        "<span class=\"who\"><bdi>{}</bdi></span>{}", viewer.actor,
        action("/logout", {}, markup("<button class=\"quiet\">Sign out</button>"), viewer));
  }
  return viewer.may_sign_in ? markup("<a class=\"button quiet\" href=\"/login\">Sign in</a>")
                            : Html();
}

Html bar(const Page& page, const Viewer& viewer) {
  return markup(
      "<header class=\"bar\"><a class=\"brand\" href=\"/\"><img src=\"{}\" alt=\"\" width=\"22\" "
      "height=\"22\"><span>reconcile</span></a><nav aria-label=\"Breadcrumb\"><ol "
      "class=\"crumbs\">{}</ol></nav><div class=\"tools\"><span id=\"live\" class=\"live\" "
      "hidden></span><button class=\"quiet\" id=\"theme\" hidden>Theme</button><button "
      "class=\"quiet\" id=\"keys\" aria-haspopup=\"dialog\" hidden>Keys</button>{}</div></header>",
      asset_url("icon.svg"), page.crumbs, session(viewer));
}

Html help() {
  return markup(
      "<dialog id=\"help\" aria-labelledby=\"help-title\"><h2 id=\"help-title\">Keys</h2>"
      "<dl class=\"keys\"><div><dt><kbd>/</kbd></dt><dd>filter</dd></div>"
      "<div><dt><kbd>g</kbd></dt><dd>to the fleet</dd></div>"
      "<div><dt><kbd>j</kbd> <kbd>k</kbd></dt><dd>next and previous row</dd></div>"
      "<div><dt><kbd>?</kbd></dt><dd>this list</dd></div></dl>"
      "<p>No key applies, approves or heals anything.</p>"
      "<p><label><input type=\"checkbox\" id=\"keys-on\" checked> Single keys work on these "
      "pages</label></p><form method=\"dialog\"><button>Close</button></form></dialog>");
}

}  // namespace

Html action(std::string_view path, const Html& fields, const Html& button, const Viewer& viewer) {
  return markup(
      "<form class=\"action\" method=\"post\" action=\"{}\"><input type=\"hidden\" name=\"csrf\" "
      "value=\"{}\">{}{}</form>",
      path, viewer.csrf, fields, button);
}

std::string document(const Page& page, const Viewer& viewer) {
  return markup(
             "<!doctype html>\n<html lang=\"en\">{}<body data-stream=\"{}\" data-live=\"{}\" "
             "data-now=\"{}\"><a class=\"skip\" href=\"#main\">Skip to the content</a>{}<main "
             "id=\"main\" tabindex=\"-1\">{}</main><footer>Shown as of <time "
             "datetime=\"{}\">{}</time>.</footer><p id=\"announce\" class=\"unseen\" "
             "role=\"status\"></p>{}</body></html>\n",
             head(page), page.live.empty() ? std::string() : viewer.stream, page.live,
             iso_time(viewer.now), bar(page, viewer), page.content, iso_time(viewer.now),
             exact(viewer.now), help())
      .text();
}

}  // namespace reconcile::dashboard
