CREATE TABLE vehicle (
    plate text PRIMARY KEY, status text NOT NULL, inspection_until date NOT NULL,
    insurance_until date NOT NULL, review_until date NOT NULL, scope text NOT NULL
);
CREATE TABLE person (
    reference text PRIMARY KEY, status text NOT NULL, licence_until date NOT NULL,
    qualification_until date NOT NULL
);
CREATE TABLE tank (
    number text PRIMARY KEY, status text NOT NULL, inspection_until date NOT NULL,
    capacity_l integer NOT NULL, rated_kg integer NOT NULL, substances text NOT NULL
);
CREATE TABLE dangerous_goods (
    un_number text PRIMARY KEY, name text NOT NULL, class_name text NOT NULL,
    packing_group text NOT NULL, tank_code text NOT NULL
);
CREATE TABLE waybill (
    id uuid PRIMARY KEY, number text NOT NULL UNIQUE, status text NOT NULL,
    vehicle_plate text NOT NULL REFERENCES vehicle, driver_reference text NOT NULL REFERENCES person,
    escort_reference text NOT NULL REFERENCES person, tank_number text NOT NULL REFERENCES tank,
    issued_at timestamptz NOT NULL, valid_until timestamptz NOT NULL,
    content jsonb NOT NULL, signature text NOT NULL
);
CREATE TABLE waybill_goods (
    waybill_id uuid NOT NULL REFERENCES waybill, position integer NOT NULL,
    un_number text NOT NULL REFERENCES dangerous_goods, quantity_kg integer NOT NULL,
    PRIMARY KEY (waybill_id, position)
);
CREATE TABLE loading_check (
    id uuid PRIMARY KEY, waybill_id uuid NOT NULL REFERENCES waybill,
    checked_at timestamptz NOT NULL, passed boolean NOT NULL, findings jsonb NOT NULL
);
CREATE TABLE event (
    id uuid PRIMARY KEY, recorded_at timestamptz NOT NULL, kind text NOT NULL, body jsonb NOT NULL
);

INSERT INTO vehicle SELECT '苏H' || lpad(i::text, 5, '0'), 'active', '2030-01-01', '2030-01-01',
    '2030-01-01', '3类,8类' FROM generate_series(1, 2000) AS i;
INSERT INTO person SELECT 'p' || i, 'active', '2030-01-01', '2030-01-01' FROM generate_series(1, 4000) AS i;
INSERT INTO tank SELECT 't' || i, 'active', '2030-01-01', 30000, 28000, '1203,1202,1170'
    FROM generate_series(1, 2000) AS i;
INSERT INTO dangerous_goods SELECT (1000 + i)::text, 'goods ' || i, '3', 'II', 'LGBF'
    FROM generate_series(0, 2345) AS i;
INSERT INTO waybill SELECT md5(i::text)::uuid, 'W' || i, 'issued', '苏H' || lpad(i::text, 5, '0'),
    'p' || i, 'p' || (i + 2000), 't' || i, now(), '2030-01-01', '{}', '' FROM generate_series(1, 2000) AS i;
INSERT INTO waybill_goods SELECT id, line, '1203', 10000 FROM waybill, generate_series(1, 2) AS line;
