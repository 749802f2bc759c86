-- A pair is linked once.
--
-- Directus knows unique columns but not unique pairs: its snapshot cannot carry these constraints and does not show
-- them, so they are added after it has made the tables. Each one looks first whether the pair is already unique, by its
-- columns and not by a name: older databases got theirs from a file of another name (db-init/004), and PostgreSQL has
-- no "add constraint if not exists".

-- A person is a member of an organization once, in one role.
do $$
begin
  if not exists (select from pg_constraint
                 where conrelid = 'public.organization_users'::regclass
                   and pg_get_constraintdef(oid) = 'UNIQUE (organization_id, user_id)') then
    alter table public.organization_users
      add constraint organization_users_pair_unique unique (organization_id, user_id);
  end if;
end
$$;

-- A vehicle is listed by an organization once.
do $$
begin
  if not exists (select from pg_constraint
                 where conrelid = 'public.organization_vehicles'::regclass
                   and pg_get_constraintdef(oid) = 'UNIQUE (organization_id, vehicle_id)') then
    alter table public.organization_vehicles
      add constraint organization_vehicles_pair_unique unique (organization_id, vehicle_id);
  end if;
end
$$;

-- A device is listed by an organization once.
do $$
begin
  if not exists (select from pg_constraint
                 where conrelid = 'public.organization_devices'::regclass
                   and pg_get_constraintdef(oid) = 'UNIQUE (organization_id, device_id)') then
    alter table public.organization_devices
      add constraint organization_devices_pair_unique unique (organization_id, device_id);
  end if;
end
$$;
