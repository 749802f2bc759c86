#include "controller/dashboard/front.h"

#include "controller/dashboard/page.h"
#include "controller/dashboard/parts.h"

namespace reconcile::dashboard {
namespace {

std::string_view title_of(int status) {
  switch (status) {
    case 400:
      return "That request makes no sense";
    case 401:
      return "Sign in first";
    case 403:
      return "Your token may not do that";
    case 404:
      return "There is nothing here";
    case 409:
      return "Something else came first";
    case 429:
      return "Too many at once";
    case 503:
      return "Not possible right now";
    default:
      return "That did not work";
  }
}

}  // namespace

std::string login_page(const std::string& problem, const std::string& next, const Viewer& viewer) {
  Page page{.title = "Sign in"};
  page.crumbs = markup("<li aria-current=\"page\">Sign in</li>");
  page.content = markup(
      "<div class=\"narrow login\"><h1>Sign in</h1>{}<form class=\"approve\" method=\"post\" "
      "action=\"/login\"><input type=\"hidden\" name=\"csrf\" value=\"{}\"><input type=\"hidden\" "
      "name=\"next\" value=\"{}\"><label "
      "for=\"token\">Token</label><input id=\"token\" name=\"token\" type=\"password\" required "
      "autocomplete=\"current-password\" spellcheck=\"false\"><div class=\"actions\"><button "
      "class=\"primary\">Sign in</button></div></form><p class=\"hint\">Tokens are named in the "
      "controller’s configuration, with what they may do: read, operate, or approve.</p></div>",
      problem.empty() ? Html()
                      : markup("<p class=\"notice is-failed\" role=\"alert\">{}</p>", problem),
      viewer.csrf, next);
  return document(page, viewer);
}

std::string error_page(int status, const Error& error, const Viewer& viewer) {
  const std::string title(title_of(status));
  Page page{.title = title};
  page.crumbs =
      markup("<li><a href=\"/\">Fleet</a></li><li aria-current=\"page\">Error {}</li>", status);
  Html lines;
  const auto line = [&](std::string_view what, const std::string& text) {
    if (!text.empty()) lines += markup("<div><dt>{}</dt><dd>{}</dd></div>", what, prose(text));
  };
  line("where", error.where);
  line("what", error.what);
  line("why", error.why);
  line("next", error.next);
  page.content = markup(
      "<div class=\"narrow\"><h1>{}</h1><div class=\"notice is-failed\"><dl "
      "class=\"lines\">{}</dl></div><p><a class=\"button\" href=\"/\">To the "
      "fleet</a></p></div>",
      title, lines);
  return document(page, viewer);
}

}  // namespace reconcile::dashboard
