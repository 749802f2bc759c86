-- For inventory_attribute.sql: what has changed since the last look; and what is there already and about one of the
-- list $4, which the file claims.
coalesce(live.definition, '') is distinct from coalesce(noted.seen, noted.definition)
or noted.definition is null and live.definition is not null
  and live.about in (select * from pg_catalog.jsonb_array_elements_text($4::jsonb))
