-- reconcile: except prod
--
-- Rally Albania 2026, to try things out on: the organizer, the event with its classes, and one test entry with a crew
-- of two and three devices. Not for prod, where the real event is entered by its organizer: hence the line above. The
-- codes of the classes are those of the regulations; their names and the dates of the event stand in until it is.
--
-- Every row is found again by its natural key (a slug, an e-mail address, an IMEI, a pair), so that running this twice
-- changes nothing, and so that what somebody edited since stays edited. Rows without a natural key have a fixed id.
-- Directus makes the ids of its rows itself and gives the columns no default, so ids are given here.

-- ---- the organizer

insert into organizations (id, name, slug, country, date_created)
values (gen_random_uuid(), 'Motorsport Club Albania', 'motorsport-club-albania', 'AL', now())
on conflict do nothing;

-- Test persons: suspended and without a password or a role, so nobody can log in as one of them. Under example.com and
-- not under .example: Directus takes only addresses with a top-level domain that exists, also when a user is edited.
insert into directus_users (id, first_name, last_name, email, status, nationality)
values
  ('5eed0000-0000-4000-8000-000000000001', 'Test', 'Pilot',    'pilot@rally-albania.example.com',    'suspended', 'AL'),
  ('5eed0000-0000-4000-8000-000000000002', 'Test', 'Co-pilot', 'co-pilot@rally-albania.example.com', 'suspended', 'AL')
on conflict do nothing;

insert into organization_users (id, organization_id, user_id, role, date_created)
select gen_random_uuid(), organizations.id, directus_users.id, 'member', now()
from organizations, directus_users
where organizations.slug = 'motorsport-club-albania'
  and directus_users.email in ('pilot@rally-albania.example.com', 'co-pilot@rally-albania.example.com')
on conflict do nothing;

insert into vehicles (id, make, model, year, plate, kind)
values ('5eed0000-0000-4000-8000-000000000003', 'KTM', '450 Rally Replica', 2026, 'TEST 101', 'moto')
on conflict do nothing;

insert into organization_vehicles (id, organization_id, vehicle_id)
select gen_random_uuid(), organizations.id, vehicles.id
from organizations, vehicles
where organizations.slug = 'motorsport-club-albania'
  and vehicles.id = '5eed0000-0000-4000-8000-000000000003'
on conflict do nothing;

-- IMEIs of the test range 00…: no device that exists can have one of them.
insert into devices (id, imei, model, protocol, notes)
values
  (gen_random_uuid(), '001010000000001', 'FMC003', 'teltonika', 'Test device'),
  (gen_random_uuid(), '001010000000002', 'FMB920', 'teltonika', 'Test device'),
  (gen_random_uuid(), '001010000000003', 'TFT100', 'teltonika', 'Test device')
on conflict do nothing;

insert into organization_devices (id, organization_id, device_id)
select gen_random_uuid(), organizations.id, devices.id
from organizations, devices
where organizations.slug = 'motorsport-club-albania'
  and devices.imei in ('001010000000001', '001010000000002', '001010000000003')
on conflict do nothing;

-- ---- the event and its classes

insert into events (id, organization_id, name, slug, discipline, starts_at, ends_at)
select gen_random_uuid(), organizations.id, 'Rally Albania 2026', 'rally-albania-2026', 'rally',
       '2026-06-06 08:00 Europe/Tirane', '2026-06-13 18:00 Europe/Tirane'
from organizations
where organizations.slug = 'motorsport-club-albania'
on conflict do nothing;

-- The order of the list is the order of the classes: moto, quad, car, SSV. Race numbers go with it: 1-199 moto,
-- 2xx quad, 3xx car, 4xx SSV.
insert into classes (id, event_id, code, name, sort_order)
select gen_random_uuid(), events.id, class.code, class.name, class.sort_order
from events
join organizations on organizations.id = events.organization_id
cross join (values
  ('M-1', 'Moto 1',  1), ('M-2', 'Moto 2',  2), ('M-3', 'Moto 3',  3), ('M-4', 'Moto 4', 4),
  ('M-5', 'Moto 5',  5), ('M-6', 'Moto 6',  6), ('M-7', 'Moto 7',  7),
  ('Q-1', 'Quad 1',  8), ('Q-2', 'Quad 2',  9), ('Q-3', 'Quad 3', 10),
  ('C-1', 'Car 1',  11), ('C-2', 'Car 2',  12), ('C-A', 'Car A',  13), ('C-3', 'Car 3', 14),
  ('S-1', 'SSV 1',  15), ('S-2', 'SSV 2',  16), ('S-3', 'SSV 3',  17)
) as class (code, name, sort_order)
where organizations.slug = 'motorsport-club-albania' and events.slug = 'rally-albania-2026'
on conflict do nothing;

-- ---- the test entry: 101, a moto

insert into entries (id, event_id, vehicle_id, class_id, race_number, status, notes)
select gen_random_uuid(), events.id, '5eed0000-0000-4000-8000-000000000003', classes.id, 101, 'registered', 'Test entry'
from events
join organizations on organizations.id = events.organization_id
join classes on classes.event_id = events.id and classes.code = 'M-1'
where organizations.slug = 'motorsport-club-albania' and events.slug = 'rally-albania-2026'
on conflict do nothing;

insert into entry_crew (id, entry_id, user_id, role)
select gen_random_uuid(), entries.id, directus_users.id, crew.role
from entries
join events on events.id = entries.event_id
join organizations on organizations.id = events.organization_id
cross join (values
  ('pilot@rally-albania.example.com',    'pilot'),
  ('co-pilot@rally-albania.example.com', 'co-pilot')
) as crew (email, role)
join directus_users on directus_users.email = crew.email
where organizations.slug = 'motorsport-club-albania' and events.slug = 'rally-albania-2026'
  and entries.race_number = 101
on conflict do nothing;

-- Two devices are mounted on the vehicle; the third one is the pilot's own.
insert into entry_devices (id, entry_id, device_id, assigned_user_id, mount_position)
select gen_random_uuid(), entries.id, devices.id, directus_users.id, mount.position
from entries
join events on events.id = entries.event_id
join organizations on organizations.id = events.organization_id
cross join (values
  ('001010000000001', null,                              'hardwired_dash'),
  ('001010000000002', null,                              'backup_chassis'),
  ('001010000000003', 'pilot@rally-albania.example.com', 'panic_button_pilot')
) as mount (imei, carried_by, position)
join devices on devices.imei = mount.imei
left join directus_users on directus_users.email = mount.carried_by
where organizations.slug = 'motorsport-club-albania' and events.slug = 'rally-albania-2026'
  and entries.race_number = 101
on conflict do nothing;
