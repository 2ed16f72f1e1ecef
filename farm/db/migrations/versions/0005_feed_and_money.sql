-- Feed, stock, money: prices, orders, lots and draws, and the figures of months and batches.
-- What an earlier generator wrote stays readable; it is told apart by its generator version.

CREATE TABLE feed_price (
    geography_id SMALLINT NOT NULL,
    feed_supplier_id INTEGER NOT NULL,
    feed_type_id SMALLINT NOT NULL,
    month DATE NOT NULL,
    price_per_kg NUMERIC(10, 4) NOT NULL,
    CONSTRAINT feed_price_pkey PRIMARY KEY (geography_id, feed_supplier_id, feed_type_id, month),
    CONSTRAINT feed_price_price_check CHECK (price_per_kg > 0),
    CONSTRAINT feed_price_geography_id_fkey FOREIGN KEY(geography_id) REFERENCES geography (id),
    CONSTRAINT feed_price_feed_supplier_id_fkey FOREIGN KEY(feed_supplier_id) REFERENCES feed_supplier (id),
    CONSTRAINT feed_price_feed_type_id_fkey FOREIGN KEY(feed_type_id) REFERENCES feed_type (id)
);

CREATE TABLE purchase_order (
    id INTEGER NOT NULL,
    feed_supplier_id INTEGER NOT NULL,
    feed_type_id SMALLINT NOT NULL,
    feed_store_id INTEGER NOT NULL,
    reason TEXT NOT NULL,
    status TEXT NOT NULL,
    ordered_on DATE NOT NULL,
    confirmed_on DATE,
    promised_on DATE NOT NULL,
    delivered_on DATE,
    quantity_kg NUMERIC(12, 3) NOT NULL,
    delivered_kg NUMERIC(12, 3),
    price_per_kg NUMERIC(10, 4) NOT NULL,
    stock_kg NUMERIC(12, 3) NOT NULL,
    threshold_kg NUMERIC(12, 3) NOT NULL,
    CONSTRAINT purchase_order_pkey PRIMARY KEY (id),
    CONSTRAINT purchase_order_reason_check CHECK (reason IN ('opening', 'reorder', 'medicated')),
    CONSTRAINT purchase_order_status_check CHECK (status IN ('ordered', 'confirmed', 'delivered')),
    CONSTRAINT purchase_order_facts_check CHECK ((status <> 'ordered') = (confirmed_on IS NOT NULL) AND (status = 'delivered') = (delivered_on IS NOT NULL) AND (delivered_on IS NULL) = (delivered_kg IS NULL)),
    CONSTRAINT purchase_order_dates_check CHECK (ordered_on <= confirmed_on AND confirmed_on <= delivered_on AND ordered_on <= promised_on),
    CONSTRAINT purchase_order_quantities_check CHECK (quantity_kg > 0 AND delivered_kg BETWEEN 0 AND quantity_kg),
    CONSTRAINT purchase_order_feed_supplier_id_fkey FOREIGN KEY(feed_supplier_id) REFERENCES feed_supplier (id),
    CONSTRAINT purchase_order_feed_type_id_fkey FOREIGN KEY(feed_type_id) REFERENCES feed_type (id),
    CONSTRAINT purchase_order_feed_store_id_fkey FOREIGN KEY(feed_store_id) REFERENCES feed_store (id)
);

CREATE TABLE feed_lot (
    id INTEGER NOT NULL,
    purchase_order_id INTEGER NOT NULL,
    feed_store_id INTEGER NOT NULL,
    feed_type_id SMALLINT NOT NULL,
    delivered_on DATE NOT NULL,
    expires_on DATE NOT NULL,
    quantity_kg NUMERIC(12, 3) NOT NULL,
    unit_cost NUMERIC(10, 4) NOT NULL,
    cost NUMERIC(14, 2) NOT NULL,
    remaining_kg NUMERIC(12, 3) NOT NULL,
    discarded_kg NUMERIC(12, 3) NOT NULL,
    discarded_on DATE,
    CONSTRAINT feed_lot_pkey PRIMARY KEY (id),
    CONSTRAINT feed_lot_dates_check CHECK (expires_on > delivered_on),
    CONSTRAINT feed_lot_quantities_check CHECK (quantity_kg > 0 AND remaining_kg >= 0 AND discarded_kg >= 0 AND remaining_kg + discarded_kg <= quantity_kg),
    CONSTRAINT feed_lot_discarded_check CHECK ((discarded_kg > 0) = (discarded_on IS NOT NULL)),
    CONSTRAINT feed_lot_purchase_order_id_fkey FOREIGN KEY(purchase_order_id) REFERENCES purchase_order (id),
    CONSTRAINT feed_lot_feed_store_id_fkey FOREIGN KEY(feed_store_id) REFERENCES feed_store (id),
    CONSTRAINT feed_lot_feed_type_id_fkey FOREIGN KEY(feed_type_id) REFERENCES feed_type (id)
);

CREATE TABLE feed_draw (
    date DATE NOT NULL,
    feed_lot_id INTEGER NOT NULL,
    assignment_id INTEGER NOT NULL,
    quantity_kg NUMERIC(12, 3) NOT NULL,
    cost NUMERIC(14, 2) NOT NULL,
    CONSTRAINT feed_draw_pkey PRIMARY KEY (feed_lot_id, assignment_id, date),
    CONSTRAINT feed_draw_quantities_check CHECK (quantity_kg > 0 AND cost >= 0)
)
 PARTITION BY RANGE (date);

CREATE TABLE feed_shortage (
    feed_store_id INTEGER NOT NULL,
    feed_type_id SMALLINT NOT NULL,
    date DATE NOT NULL,
    wanted_kg NUMERIC(12, 3) NOT NULL,
    fed_kg NUMERIC(12, 3) NOT NULL,
    CONSTRAINT feed_shortage_pkey PRIMARY KEY (feed_store_id, feed_type_id, date),
    CONSTRAINT feed_shortage_quantities_check CHECK (fed_kg >= 0 AND fed_kg < wanted_kg),
    CONSTRAINT feed_shortage_feed_store_id_fkey FOREIGN KEY(feed_store_id) REFERENCES feed_store (id),
    CONSTRAINT feed_shortage_feed_type_id_fkey FOREIGN KEY(feed_type_id) REFERENCES feed_type (id)
);

CREATE TABLE stock_balance (
    feed_store_id INTEGER NOT NULL,
    feed_type_id SMALLINT NOT NULL,
    month DATE NOT NULL,
    opening_kg NUMERIC(12, 3) NOT NULL,
    delivered_kg NUMERIC(12, 3) NOT NULL,
    consumed_kg NUMERIC(12, 3) NOT NULL,
    discarded_kg NUMERIC(12, 3) NOT NULL,
    closing_kg NUMERIC(12, 3) NOT NULL,
    closing_value NUMERIC(14, 2) NOT NULL,
    CONSTRAINT stock_balance_pkey PRIMARY KEY (feed_store_id, feed_type_id, month),
    CONSTRAINT stock_balance_balance_check CHECK (opening_kg + delivered_kg - consumed_kg - discarded_kg = closing_kg),
    CONSTRAINT stock_balance_quantities_check CHECK (opening_kg >= 0 AND closing_kg >= 0),
    CONSTRAINT stock_balance_feed_store_id_fkey FOREIGN KEY(feed_store_id) REFERENCES feed_store (id),
    CONSTRAINT stock_balance_feed_type_id_fkey FOREIGN KEY(feed_type_id) REFERENCES feed_type (id)
);

CREATE TABLE salmon_price (
    geography_id SMALLINT NOT NULL,
    month DATE NOT NULL,
    weight_class TEXT NOT NULL,
    price_per_kg NUMERIC(10, 4) NOT NULL,
    CONSTRAINT salmon_price_pkey PRIMARY KEY (geography_id, month, weight_class),
    CONSTRAINT salmon_price_price_check CHECK (price_per_kg > 0),
    CONSTRAINT salmon_price_geography_id_fkey FOREIGN KEY(geography_id) REFERENCES geography (id)
);

CREATE TABLE batch_month (
    batch_id INTEGER NOT NULL,
    month DATE NOT NULL,
    lifecycle_stage_id SMALLINT NOT NULL,
    start_population INTEGER NOT NULL,
    end_population INTEGER NOT NULL,
    start_biomass_kg DOUBLE PRECISION NOT NULL,
    end_biomass_kg DOUBLE PRECISION NOT NULL,
    mean_weight_g DOUBLE PRECISION NOT NULL,
    deaths INTEGER NOT NULL,
    deaths_by_cause INTEGER[] NOT NULL,
    mortality_percent DOUBLE PRECISION NOT NULL,
    dead_kg DOUBLE PRECISION NOT NULL,
    harvested INTEGER NOT NULL,
    harvested_kg DOUBLE PRECISION NOT NULL,
    growth_kg DOUBLE PRECISION NOT NULL,
    feed_kg NUMERIC(12, 3) NOT NULL,
    degree_days DOUBLE PRECISION NOT NULL,
    sgr_percent_day DOUBLE PRECISION,
    tgc DOUBLE PRECISION,
    fcr_biological DOUBLE PRECISION,
    fcr_economic DOUBLE PRECISION,
    max_density_kg_m3 DOUBLE PRECISION NOT NULL,
    lice_adult_female DOUBLE PRECISION,
    treatments INTEGER NOT NULL,
    egg_cost NUMERIC(14, 2) NOT NULL,
    feed_cost NUMERIC(14, 2) NOT NULL,
    treatment_cost NUMERIC(14, 2) NOT NULL,
    vaccination_cost NUMERIC(14, 2) NOT NULL,
    operating_cost NUMERIC(14, 2) NOT NULL,
    mortality_cost NUMERIC(14, 2) NOT NULL,
    book_value NUMERIC(14, 2) NOT NULL,
    CONSTRAINT batch_month_pkey PRIMARY KEY (batch_id, month),
    CONSTRAINT batch_month_batch_id_fkey FOREIGN KEY(batch_id) REFERENCES batch (id),
    CONSTRAINT batch_month_lifecycle_stage_id_fkey FOREIGN KEY(lifecycle_stage_id) REFERENCES lifecycle_stage (id)
);

CREATE TABLE site_month (
    id INTEGER NOT NULL,
    site_id INTEGER,
    station_id INTEGER,
    month DATE NOT NULL,
    containers INTEGER NOT NULL,
    occupied_container_days INTEGER NOT NULL,
    utilisation_percent DOUBLE PRECISION NOT NULL,
    fallow_days INTEGER NOT NULL,
    end_population INTEGER NOT NULL,
    end_biomass_kg DOUBLE PRECISION NOT NULL,
    max_biomass_kg DOUBLE PRECISION NOT NULL,
    max_density_kg_m3 DOUBLE PRECISION NOT NULL,
    deaths INTEGER NOT NULL,
    mortality_percent DOUBLE PRECISION NOT NULL,
    growth_kg DOUBLE PRECISION NOT NULL,
    harvested_kg DOUBLE PRECISION NOT NULL,
    feed_kg NUMERIC(12, 3) NOT NULL,
    feed_cost NUMERIC(14, 2) NOT NULL,
    fcr_biological DOUBLE PRECISION,
    lice_adult_female DOUBLE PRECISION,
    lice_fish_counted INTEGER NOT NULL,
    treatments INTEGER NOT NULL,
    CONSTRAINT site_month_pkey PRIMARY KEY (id),
    CONSTRAINT site_month_place_check CHECK (num_nonnulls(site_id, station_id) = 1),
    CONSTRAINT site_month_site_id_fkey FOREIGN KEY(site_id) REFERENCES site (id),
    CONSTRAINT site_month_station_id_fkey FOREIGN KEY(station_id) REFERENCES station (id)
);

CREATE TABLE batch_account (
    batch_id INTEGER NOT NULL,
    closed_on DATE NOT NULL,
    eggs INTEGER NOT NULL,
    harvested INTEGER NOT NULL,
    harvested_kg DOUBLE PRECISION NOT NULL,
    gutted_kg DOUBLE PRECISION NOT NULL,
    feed_kg NUMERIC(12, 3) NOT NULL,
    fcr_biological DOUBLE PRECISION NOT NULL,
    fcr_economic DOUBLE PRECISION NOT NULL,
    survival_percent DOUBLE PRECISION NOT NULL,
    revenue NUMERIC(14, 2) NOT NULL,
    egg_cost NUMERIC(14, 2) NOT NULL,
    feed_cost NUMERIC(14, 2) NOT NULL,
    treatment_cost NUMERIC(14, 2) NOT NULL,
    vaccination_cost NUMERIC(14, 2) NOT NULL,
    operating_cost NUMERIC(14, 2) NOT NULL,
    harvest_cost NUMERIC(14, 2) NOT NULL,
    total_cost NUMERIC(14, 2) NOT NULL,
    profit NUMERIC(14, 2) NOT NULL,
    mortality_cost NUMERIC(14, 2) NOT NULL,
    cost_per_kg NUMERIC(10, 4) NOT NULL,
    feed_cost_per_kg NUMERIC(10, 4) NOT NULL,
    CONSTRAINT batch_account_pkey PRIMARY KEY (batch_id),
    CONSTRAINT batch_account_sums_check CHECK (total_cost = egg_cost + feed_cost + treatment_cost + vaccination_cost + operating_cost + harvest_cost AND profit = revenue - total_cost),
    CONSTRAINT batch_account_batch_id_fkey FOREIGN KEY(batch_id) REFERENCES batch (id)
);

ALTER TABLE feed_type ADD COLUMN treatment_type_id smallint;
ALTER TABLE feed_type ADD CONSTRAINT feed_type_treatment_type_id_fkey
    FOREIGN KEY (treatment_type_id) REFERENCES treatment_type (id);

ALTER TABLE daily_state
    ADD COLUMN feed_type_id smallint,
    ADD COLUMN feed_cost numeric(14, 2) NOT NULL DEFAULT 0;
ALTER TABLE daily_state ALTER COLUMN feed_cost DROP DEFAULT;

ALTER TABLE feeding_event ADD COLUMN cost numeric(14, 2) NOT NULL DEFAULT 0;
ALTER TABLE feeding_event ALTER COLUMN cost DROP DEFAULT;

ALTER TABLE harvest_lot ADD COLUMN revenue numeric(14, 2) NOT NULL DEFAULT 0;
ALTER TABLE harvest_lot ALTER COLUMN revenue DROP DEFAULT;
