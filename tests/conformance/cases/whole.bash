# shellcheck shell=bash disable=SC2154  # `run`, which sources this, has the variables
#
# The controller as a team runs it, with a running Directus on one of its three databases: what is pushed is served at once,
# what is approved and removed is forgotten, and what is restored is back.

whole() {
  local log=$work/whole.log
  "$build/tests/integration_tests" --gtest_color=no --gtest_filter='EndToEndDirectus.*' > "$log" 2>&1 || tail -n 60 "$log"
  "$root/tests/support/gtest-lines" < "$log"
}
whole_lines=$(whole)
echo "$whole_lines"
if ! grep --quiet '^ok ' <<< "$whole_lines"; then suite_failed=1; fi
