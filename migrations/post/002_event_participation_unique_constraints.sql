-- What there may be only once in an event. Pairs again, which a Directus snapshot cannot carry.
--
-- In the incident these constraints went away together with their tables, while the guard table went on saying that
-- their file (then db-init/005) was applied. That a file once ran does not prove that its constraints are there.

-- The slug is the event's address under its organization; another organization may use the same.
do $$
begin
  if not exists (select from pg_constraint
                 where conrelid = 'public.events'::regclass
                   and pg_get_constraintdef(oid) = 'UNIQUE (organization_id, slug)') then
    alter table public.events
      add constraint events_organization_slug_unique unique (organization_id, slug);
  end if;
end
$$;

-- The regulations and the results call a class by its code.
do $$
begin
  if not exists (select from pg_constraint
                 where conrelid = 'public.classes'::regclass
                   and pg_get_constraintdef(oid) = 'UNIQUE (event_id, code)') then
    alter table public.classes
      add constraint classes_event_code_unique unique (event_id, code);
  end if;
end
$$;

-- Two entries with one race number could not be told apart on the course: the second is refused.
do $$
begin
  if not exists (select from pg_constraint
                 where conrelid = 'public.entries'::regclass
                   and pg_get_constraintdef(oid) = 'UNIQUE (event_id, race_number)') then
    alter table public.entries
      add constraint entries_event_race_number_unique unique (event_id, race_number);
  end if;
end
$$;

-- A person has one role in a crew.
do $$
begin
  if not exists (select from pg_constraint
                 where conrelid = 'public.entry_crew'::regclass
                   and pg_get_constraintdef(oid) = 'UNIQUE (entry_id, user_id)') then
    alter table public.entry_crew
      add constraint entry_crew_entry_user_unique unique (entry_id, user_id);
  end if;
end
$$;

-- A device is mounted once on an entry.
do $$
begin
  if not exists (select from pg_constraint
                 where conrelid = 'public.entry_devices'::regclass
                   and pg_get_constraintdef(oid) = 'UNIQUE (entry_id, device_id)') then
    alter table public.entry_devices
      add constraint entry_devices_entry_device_unique unique (entry_id, device_id);
  end if;
end
$$;
