-- What takes the place of DROP: functions that move a table, or copy a column, into the schema reconcile_quarantine.
-- Made anew in each apply that removes something, so that they are always those of the program that calls them.
-- An empty search_path makes every deparsed name qualified, whatever path the one who brings it back has.

-- Writes down what is about to go, before anything of it does: constraints that other steps take off included.
-- what: collection, field or relation.
create or replace function reconcile_quarantine.remember(what text, collection_name text, field_name text)
returns void language plpgsql set search_path = '' as $$
declare
  home constant regclass := to_regclass(format('public.%I', collection_name));
  place constant smallint := (select attnum from pg_attribute where attrelid = home and attname = field_name and not attisdropped);
begin
  insert into reconcile.quarantine (kind, collection, field, definition, metadata)
  select what, collection_name, field_name,
         json_build_object(
           'column', (
             select json_build_object('type', format_type(a.atttypid, a.atttypmod),
                      'collation', (select c.oid::regcollation::text from pg_collation c join pg_type t on t.oid = a.atttypid
                                    where c.oid = a.attcollation and c.oid <> t.typcollation),
                      'default', case when a.attgenerated = '' then pg_get_expr(d.adbin, d.adrelid) end,
                      'generated', case when a.attgenerated <> '' then
                        format('generated always as (%s) %s', pg_get_expr(d.adbin, d.adrelid),
                               case a.attgenerated when 's' then 'stored' else 'virtual' end) end,
                      'identity', case a.attidentity when 'a' then 'always' when 'd' then 'by default' end,
                      'not_null', a.attnotnull,
                      'comment', col_description(home, place))
             from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
             where a.attrelid = home and a.attnum = place),
           'constraints', (
             -- Of a table its foreign keys, and those to it: the others go where it goes. Of a column all it is part of.
             select coalesce(json_agg(json_build_object('on', c.conrelid::regclass::text, 'name', c.conname, 'kind', c.contype,
                               'definition', pg_get_constraintdef(c.oid),
                               'columns', (select json_agg(a.attname) from pg_attribute a
                                           where a.attrelid = c.conrelid and a.attnum = any (c.conkey)),
                               'refers_to', nullif(c.confrelid, '0')::regclass::text,
                               'referred', (select json_agg(a.attname) from pg_attribute a
                                            where a.attrelid = c.confrelid and a.attnum = any (c.confkey)))
                             order by c.contype <> 'p', c.contype = 'f', c.oid), '[]')
             from pg_constraint c
             where case what when 'collection' then c.contype = 'f' and home in (c.conrelid, c.confrelid)
                             when 'field' then c.contype in ('c', 'f', 'p', 'u', 'x')
                               and (c.conrelid = home and place = any (c.conkey)
                                    or c.confrelid = home and place = any (c.confkey))
                             else c.contype = 'f' and c.conrelid = home and c.conkey = array[place] end),
           'indexes', (
             select coalesce(json_agg(json_build_object('name', x.relname, 'definition', pg_get_indexdef(i.indexrelid))
                             order by x.oid), '[]')
             from pg_index i join pg_class x on x.oid = i.indexrelid
             where what = 'field' and i.indrelid = home
               and exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = x.oid
                             and d.refobjid = home and d.refobjsubid = place)
               and not exists (select from pg_constraint c where c.conindid = x.oid and c.contype in ('p', 'u', 'x')))),
         -- As json, which keeps the bytes: jsonb would sort the keys of what Directus reads in order.
         json_build_object(
           'directus_collections', (select coalesce(json_agg(row_to_json(t)), '[]') from public.directus_collections t
                                    where what = 'collection' and t.collection = collection_name),
           'directus_fields', (select coalesce(json_agg(row_to_json(t) order by t.id), '[]') from public.directus_fields t
                               where what <> 'relation' and t.collection = collection_name
                                 and (what = 'collection' or t.field = field_name)),
           'directus_relations', (select coalesce(json_agg(row_to_json(t) order by t.id), '[]') from public.directus_relations t
                                  where case what when 'collection' then collection_name in (t.many_collection, t.one_collection)
                                                  else t.many_collection = collection_name and t.many_field = field_name end),
           'directus_permissions', (select coalesce(json_agg(row_to_json(t) order by t.id), '[]') from public.directus_permissions t
                                    where what = 'collection' and t.collection = collection_name),
           'directus_presets', (select coalesce(json_agg(row_to_json(t) order by t.id), '[]') from public.directus_presets t
                                where what = 'collection' and t.collection = collection_name));
end $$;

-- Gives index, sequence or statistics object a name that nothing else in the quarantine has.
create or replace function reconcile_quarantine.rename_kept(entry bigint, what text, object oid, home text, object_name text)
returns void language plpgsql set search_path = '' as $$
declare
  kept_as constant name := format('q%s_%s_%s', entry, object, object_name);
begin
  execute format('alter %s %I.%I rename to %I', what, home, object_name, kept_as);
  update reconcile.quarantine
  set renamed = renamed || jsonb_build_object('what', what, 'schema', home, 'name', object_name, 'kept_as', kept_as)
  where id = entry;
end $$;

-- Moves a table out of the way, whole: a change of the catalog, however many rows it has.
create or replace function reconcile_quarantine.take_table(table_name text)
returns void language plpgsql set search_path = '' as $$
declare
  home constant regclass := format('public.%I', table_name);
  entry constant bigint := (select max(id) from reconcile.quarantine where kind = 'collection' and collection = table_name);
  kept_as constant name := format('q%s_%s', entry, table_name);
  part record;
begin
  if exists (select from pg_inherits where home in (inhrelid, inhparent)) then
    raise exception using errcode = '2BP01', message = format('table %s is a partition, or other tables inherit from it', home),
      hint = 'detach it in a file below migrations/pre';
  end if;
  for part in select conname from pg_constraint where conrelid = home and contype = 'f' and conparentid = 0 loop
    execute format('alter table %s drop constraint %I', home, part.conname);
  end loop;
  -- What depends on it and would stay, PostgreSQL knows best: it is asked to drop it, and does not get to.
  begin
    execute format('drop table %s', home);
    raise exception using errcode = 'RQ000';
  exception when sqlstate 'RQ000' then null;
  end;
  for part in
    select 'index' as what, c.oid, n.nspname, c.relname
    from pg_index i join pg_class c on c.oid = i.indexrelid join pg_namespace n on n.oid = c.relnamespace where i.indrelid = home
    union all
    select 'sequence', c.oid, n.nspname, c.relname
    from pg_depend d join pg_class c on c.oid = d.objid and c.relkind = 'S' join pg_namespace n on n.oid = c.relnamespace
    where d.classid = 'pg_class'::regclass and d.refobjid = home and d.deptype in ('a', 'i')
    union all
    select 'statistics', s.oid, n.nspname, s.stxname
    from pg_statistic_ext s join pg_namespace n on n.oid = s.stxnamespace where s.stxrelid = home
  loop
    perform reconcile_quarantine.rename_kept(entry, part.what, part.oid, part.nspname, part.relname);
    if part.what = 'statistics' then  -- the others follow the table
      execute format('alter statistics %I.%I set schema reconcile_quarantine', part.nspname,
                     format('q%s_%s_%s', entry, part.oid, part.relname)::name);
    end if;
  end loop;
  execute format('alter table %s rename to %I', home, kept_as);
  execute format('alter table public.%I set schema reconcile_quarantine', kept_as);
  update reconcile.quarantine set taken = true, place = kept_as where id = entry;
end $$;

create or replace function reconcile_quarantine.columns_of(names text[]) returns text language sql set search_path = '' as $$
  select string_agg(quote_ident(name), ', ' order by place) from unnest(names) with ordinality n(name, place)
$$;

-- Keeps the values of a column with the key of their row, and drops it. Where no key is left without it, whole rows.
create or replace function reconcile_quarantine.take_column(table_name text, column_name text)
returns void language plpgsql set search_path = '' as $$
declare
  home constant regclass := format('public.%I', table_name);
  entry constant bigint := (select max(id) from reconcile.quarantine
                            where kind = 'field' and collection = table_name and field = column_name);
  kept_as constant name := format('q%s_%s_%s', entry, table_name, column_name);
  the_column pg_attribute;
  key text[];
  part record;
  kept bigint;
begin
  select * into strict the_column from pg_attribute where attrelid = home and attname = column_name and not attisdropped;
  if the_column.attgenerated = '' then
    select array_agg(a.attname::text order by array_position(i.indkey::int2[], a.attnum)) into key
    from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any (i.indkey)
    where i.indrelid = home and i.indisprimary and not the_column.attnum = any (i.indkey);
    execute format('create table reconcile_quarantine.%I as select %s from %s where %s', kept_as,
                   case when key is null then '*' else reconcile_quarantine.columns_of(key || column_name) end, home,
                   case when key is null then 'true' else format('%I is not null', column_name) end);
    get diagnostics kept = row_count;
    if key is not null then
      execute format('alter table reconcile_quarantine.%I add primary key (%s)', kept_as,
                     reconcile_quarantine.columns_of(key));
    end if;
    update reconcile.quarantine set place = kept_as, key_columns = key, rows = kept where id = entry;
  end if;
  update reconcile.quarantine set taken = true where id = entry;
  for part in
    select c.oid, n.nspname, c.relname, d.deptype, s.last_value, s.increment_by
    from pg_depend d join pg_class c on c.oid = d.objid and c.relkind = 'S' join pg_namespace n on n.oid = c.relnamespace
    left join pg_sequences s on s.schemaname = n.nspname and s.sequencename = c.relname
    where d.classid = 'pg_class'::regclass and d.refobjid = home and d.refobjsubid = the_column.attnum
  loop
    if part.deptype = 'i' then  -- cannot leave its column; where it goes on is enough to make it anew
      update reconcile.quarantine set next_value = coalesce(part.last_value + part.increment_by, 1) where id = entry;
    else
      execute format('alter sequence %I.%I owned by none', part.nspname, part.relname);
      perform reconcile_quarantine.rename_kept(entry, 'sequence', part.oid, part.nspname, part.relname);
      execute format('alter table %s alter column %I drop default', home, column_name);
      execute format('alter sequence %I.%I set schema reconcile_quarantine', part.nspname,
                     format('q%s_%s_%s', entry, part.oid, part.relname)::name);
    end if;
  end loop;
  execute format('alter table %s drop column %I', home, column_name);
end $$;
