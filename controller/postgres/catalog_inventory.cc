#include "controller/postgres/catalog_inventory.h"

#include <fmt/format.h>

#include "controller/postgres/query_part.h"
#include "postgres_sql.h"
#include "reconcilers/core/digest.h"

namespace reconcile::postgres {
namespace {

// Who edits a field's note has changed the schema, so the metadata rows are part of it. As text of
// the whole row: who manages which key of it is the snapshot's business. Only the id, which is the
// first column in every Directus from 9 to 12, says nothing: a row that is made anew gets another.
// A name can be there twice, which Directus does not prevent.
constexpr std::string_view metadata_rows =
    "(select 'collection' as kind, collection as name, t::text as definition "
    "from public.directus_collections t "
    "union all select 'field', collection || '.' || field, "
    "pg_catalog.string_agg(pg_catalog.substr(line, pg_catalog.strpos(line, ',')), E'\\n' order by "
    "id) from public.directus_fields t, lateral (select t::text as line) r group by 2 "
    "union all select 'relation', many_collection || '.' || many_field, "
    "pg_catalog.string_agg(pg_catalog.substr(line, pg_catalog.strpos(line, ',')), E'\\n' order by "
    "id) from public.directus_relations t, lateral (select t::text as line) r group by 2) rows";
constexpr std::string_view no_rows =
    "(select '' as kind, '' as name, '' as definition where false) rows";

constexpr std::string_view metadata_versions =
    "(select '1' || xmin || ctid as line from public.directus_collections "
    "union all select '2' || xmin || ctid from public.directus_fields "
    "union all select '3' || xmin || ctid from public.directus_relations) versions";

/// On lines of its own, since it may begin and end with a comment.
std::string in_parentheses(std::string_view query) { return fmt::format("(\n{}\n)", query); }

}  // namespace

std::string inventory_query(bool directus) {
  return with_part(std::string(sql::catalog_inventory), "directus_rows",
                   directus ? metadata_rows : no_rows);
}

std::string pulse_query(bool directus) {
  return with_part(std::string(sql::catalog_pulse), "directus_versions",
                   directus ? metadata_versions : "(select '' as line where false) none");
}

std::string over_inventory(std::string_view text, bool directus) {
  std::string result =
      with_part(std::string(text), "live_inventory", in_parentheses(inventory_query(directus)));
  if (text.find("live_fingerprint") == std::string_view::npos) return result;
  result =
      with_part(std::move(result), "live_fingerprint", in_parentheses(sql::catalog_fingerprint));
  return with_part(std::move(result), "live_pulse", in_parentheses(pulse_query(directus)));
}

std::string inventory_format(int major_version) {
  return fmt::format("{} {}", major_version, sha256(sql::catalog_inventory).substr(0, 16));
}

}  // namespace reconcile::postgres
