-- One digest of everything a change of schema can touch: the whole inventory.
pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to(
  coalesce(pg_catalog.string_agg(pg_catalog.concat(kind, ' ', name, E'\n', definition), E'\n'
                                 order by kind collate "C", name collate "C"), ''), 'UTF8')), 'hex')
