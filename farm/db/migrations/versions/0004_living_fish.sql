-- The living fish: health, lice, treatments, harvest lots.
-- What an earlier generator wrote stays readable; it is told apart by its generator version.

CREATE TABLE disease (
    id SMALLINT NOT NULL,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    agent TEXT NOT NULL,
    CONSTRAINT disease_pkey PRIMARY KEY (id),
    CONSTRAINT disease_code_key UNIQUE (code)
);

CREATE TABLE treatment_type (
    id SMALLINT NOT NULL,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    method TEXT NOT NULL,
    is_medicine BOOLEAN NOT NULL,
    substance TEXT,
    dose DOUBLE PRECISION,
    dose_unit TEXT,
    duration_days INTEGER NOT NULL,
    fasting_days INTEGER NOT NULL,
    withdrawal_degree_days DOUBLE PRECISION,
    withdrawal_days INTEGER,
    CONSTRAINT treatment_type_pkey PRIMARY KEY (id),
    CONSTRAINT treatment_type_dose_check CHECK (num_nonnulls(dose, dose_unit) IN (0, 2)),
    CONSTRAINT treatment_type_withdrawal_check CHECK (num_nonnulls(withdrawal_degree_days, withdrawal_days) < 2),
    CONSTRAINT treatment_type_code_key UNIQUE (code)
);

CREATE TABLE vaccine (
    id SMALLINT NOT NULL,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    min_weight_g DOUBLE PRECISION NOT NULL,
    onset_degree_days DOUBLE PRECISION NOT NULL,
    dose_ml DOUBLE PRECISION NOT NULL,
    CONSTRAINT vaccine_pkey PRIMARY KEY (id),
    CONSTRAINT vaccine_code_key UNIQUE (code)
);

CREATE TABLE vaccine_protection (
    vaccine_id SMALLINT NOT NULL,
    disease_id SMALLINT NOT NULL,
    protection DOUBLE PRECISION NOT NULL,
    CONSTRAINT vaccine_protection_pkey PRIMARY KEY (vaccine_id, disease_id),
    CONSTRAINT vaccine_protection_protection_check CHECK (protection > 0 AND protection <= 1),
    CONSTRAINT vaccine_protection_vaccine_id_fkey FOREIGN KEY(vaccine_id) REFERENCES vaccine (id),
    CONSTRAINT vaccine_protection_disease_id_fkey FOREIGN KEY(disease_id) REFERENCES disease (id)
);

CREATE TABLE lab_test (
    id SMALLINT NOT NULL,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    method TEXT NOT NULL,
    disease_id SMALLINT NOT NULL,
    sensitivity DOUBLE PRECISION NOT NULL,
    specificity DOUBLE PRECISION NOT NULL,
    CONSTRAINT lab_test_pkey PRIMARY KEY (id),
    CONSTRAINT lab_test_code_key UNIQUE (code),
    CONSTRAINT lab_test_disease_id_fkey FOREIGN KEY(disease_id) REFERENCES disease (id)
);

CREATE TABLE lice_limit (
    id INTEGER NOT NULL,
    geography_id SMALLINT NOT NULL,
    kind TEXT NOT NULL,
    from_date DATE NOT NULL,
    to_date DATE,
    first_month INTEGER NOT NULL,
    last_month INTEGER NOT NULL,
    adult_female DOUBLE PRECISION NOT NULL,
    CONSTRAINT lice_limit_pkey PRIMARY KEY (id),
    CONSTRAINT lice_limit_kind_check CHECK (kind IN ('treat', 'report', 'enforce')),
    CONSTRAINT lice_limit_geography_id_fkey FOREIGN KEY(geography_id) REFERENCES geography (id)
);

CREATE TABLE harvest_lot (
    assignment_id INTEGER NOT NULL,
    date DATE NOT NULL,
    weight_class TEXT NOT NULL,
    quality TEXT NOT NULL,
    count INTEGER NOT NULL,
    mean_weight_g DOUBLE PRECISION NOT NULL,
    live_kg DOUBLE PRECISION NOT NULL,
    gutted_kg DOUBLE PRECISION NOT NULL,
    CONSTRAINT harvest_lot_pkey PRIMARY KEY (assignment_id, date, weight_class, quality),
    CONSTRAINT harvest_lot_harvest_event_fkey FOREIGN KEY(assignment_id, date) REFERENCES harvest_event (assignment_id, date),
    CONSTRAINT harvest_lot_weights_check CHECK (count > 0 AND gutted_kg < live_kg),
    CONSTRAINT harvest_lot_quality_check CHECK (quality IN ('superior', 'ordinary', 'production')),
    CONSTRAINT harvest_lot_assignment_id_fkey FOREIGN KEY(assignment_id) REFERENCES assignment (id)
);

CREATE TABLE disease_outbreak (
    id INTEGER NOT NULL,
    disease_id SMALLINT NOT NULL,
    site_id INTEGER,
    station_id INTEGER,
    first_case_date DATE NOT NULL,
    onset_date DATE,
    diagnosed_date DATE,
    peak_date DATE,
    end_date DATE,
    assignments_affected INTEGER NOT NULL,
    deaths INTEGER NOT NULL,
    CONSTRAINT disease_outbreak_pkey PRIMARY KEY (id),
    CONSTRAINT disease_outbreak_place_check CHECK (num_nonnulls(site_id, station_id) = 1),
    CONSTRAINT disease_outbreak_dates_check CHECK (onset_date >= first_case_date AND end_date > first_case_date),
    CONSTRAINT disease_outbreak_disease_id_fkey FOREIGN KEY(disease_id) REFERENCES disease (id),
    CONSTRAINT disease_outbreak_site_id_fkey FOREIGN KEY(site_id) REFERENCES site (id),
    CONSTRAINT disease_outbreak_station_id_fkey FOREIGN KEY(station_id) REFERENCES station (id)
);

CREATE TABLE treatment (
    id INTEGER NOT NULL,
    treatment_type_id SMALLINT NOT NULL,
    assignment_id INTEGER NOT NULL,
    disease_outbreak_id INTEGER,
    reason TEXT NOT NULL,
    start_date DATE NOT NULL,
    end_date DATE,
    fish INTEGER NOT NULL,
    biomass_kg DOUBLE PRECISION NOT NULL,
    dose_total DOUBLE PRECISION,
    dose_total_unit TEXT,
    cost NUMERIC(14, 2) NOT NULL,
    deaths INTEGER NOT NULL,
    before_date DATE,
    before_value DOUBLE PRECISION,
    after_date DATE,
    after_value DOUBLE PRECISION,
    effect_percent DOUBLE PRECISION,
    status TEXT NOT NULL,
    CONSTRAINT treatment_pkey PRIMARY KEY (id),
    CONSTRAINT treatment_reason_check CHECK (reason IN ('outbreak', 'lice', 'preventive')),
    CONSTRAINT treatment_status_check CHECK (status IN ('running', 'waiting', 'completed')),
    CONSTRAINT treatment_dates_check CHECK (end_date > start_date),
    CONSTRAINT treatment_counts_check CHECK (fish > 0 AND deaths BETWEEN 0 AND fish),
    CONSTRAINT treatment_treatment_type_id_fkey FOREIGN KEY(treatment_type_id) REFERENCES treatment_type (id),
    CONSTRAINT treatment_assignment_id_fkey FOREIGN KEY(assignment_id) REFERENCES assignment (id),
    CONSTRAINT treatment_disease_outbreak_id_fkey FOREIGN KEY(disease_outbreak_id) REFERENCES disease_outbreak (id)
);

CREATE TABLE withholding_period (
    id INTEGER NOT NULL,
    treatment_id INTEGER NOT NULL,
    assignment_id INTEGER NOT NULL,
    start_date DATE NOT NULL,
    end_date DATE,
    required_degree_days DOUBLE PRECISION,
    required_days INTEGER,
    degree_days DOUBLE PRECISION NOT NULL,
    CONSTRAINT withholding_period_pkey PRIMARY KEY (id),
    CONSTRAINT withholding_period_rule_check CHECK (num_nonnulls(required_degree_days, required_days) = 1),
    CONSTRAINT withholding_period_dates_check CHECK (end_date >= start_date),
    CONSTRAINT withholding_period_treatment_id_fkey FOREIGN KEY(treatment_id) REFERENCES treatment (id),
    CONSTRAINT withholding_period_assignment_id_fkey FOREIGN KEY(assignment_id) REFERENCES assignment (id)
);

CREATE TABLE vaccination (
    id INTEGER NOT NULL,
    vaccine_id SMALLINT NOT NULL,
    assignment_id INTEGER NOT NULL,
    date DATE NOT NULL,
    count INTEGER NOT NULL,
    mean_weight_g DOUBLE PRECISION NOT NULL,
    side_effect_score DOUBLE PRECISION NOT NULL,
    cost NUMERIC(14, 2) NOT NULL,
    CONSTRAINT vaccination_pkey PRIMARY KEY (id),
    CONSTRAINT vaccination_count_check CHECK (count > 0),
    CONSTRAINT vaccination_vaccine_id_fkey FOREIGN KEY(vaccine_id) REFERENCES vaccine (id),
    CONSTRAINT vaccination_assignment_id_fkey FOREIGN KEY(assignment_id) REFERENCES assignment (id)
);

CREATE TABLE lab_sample (
    id INTEGER NOT NULL,
    lab_test_id SMALLINT NOT NULL,
    assignment_id INTEGER NOT NULL,
    disease_outbreak_id INTEGER,
    reason TEXT NOT NULL,
    sampled_on DATE NOT NULL,
    sent_on DATE,
    received_on DATE,
    n INTEGER NOT NULL,
    positive INTEGER,
    result TEXT,
    CONSTRAINT lab_sample_pkey PRIMARY KEY (id),
    CONSTRAINT lab_sample_reason_check CHECK (reason IN ('screening', 'suspicion', 'follow_up')),
    CONSTRAINT lab_sample_dates_check CHECK (sampled_on <= sent_on AND sent_on <= received_on),
    CONSTRAINT lab_sample_counts_check CHECK (n > 0 AND positive BETWEEN 0 AND n),
    CONSTRAINT lab_sample_result_check CHECK (num_nonnulls(received_on, positive, result) IN (0, 3) AND result IN ('positive', 'negative')),
    CONSTRAINT lab_sample_lab_test_id_fkey FOREIGN KEY(lab_test_id) REFERENCES lab_test (id),
    CONSTRAINT lab_sample_assignment_id_fkey FOREIGN KEY(assignment_id) REFERENCES assignment (id),
    CONSTRAINT lab_sample_disease_outbreak_id_fkey FOREIGN KEY(disease_outbreak_id) REFERENCES disease_outbreak (id)
);

CREATE TABLE journal_entry (
    id INTEGER NOT NULL,
    date DATE NOT NULL,
    site_id INTEGER,
    station_id INTEGER,
    assignment_id INTEGER,
    disease_outbreak_id INTEGER,
    kind TEXT NOT NULL,
    author TEXT NOT NULL,
    text TEXT NOT NULL,
    CONSTRAINT journal_entry_pkey PRIMARY KEY (id),
    CONSTRAINT journal_entry_place_check CHECK (num_nonnulls(site_id, station_id) = 1),
    CONSTRAINT journal_entry_site_id_fkey FOREIGN KEY(site_id) REFERENCES site (id),
    CONSTRAINT journal_entry_station_id_fkey FOREIGN KEY(station_id) REFERENCES station (id),
    CONSTRAINT journal_entry_assignment_id_fkey FOREIGN KEY(assignment_id) REFERENCES assignment (id),
    CONSTRAINT journal_entry_disease_outbreak_id_fkey FOREIGN KEY(disease_outbreak_id) REFERENCES disease_outbreak (id)
);

CREATE TABLE lice_count (
    counted_on DATE NOT NULL,
    assignment_id INTEGER NOT NULL,
    n INTEGER NOT NULL,
    adult_female DOUBLE PRECISION NOT NULL,
    mobile DOUBLE PRECISION NOT NULL,
    attached DOUBLE PRECISION NOT NULL,
    CONSTRAINT lice_count_pkey PRIMARY KEY (assignment_id, counted_on)
)
 PARTITION BY RANGE (counted_on);

CREATE TABLE lice_observation (
    counted_on DATE NOT NULL,
    assignment_id INTEGER NOT NULL,
    fish_no SMALLINT NOT NULL,
    adult_female SMALLINT NOT NULL,
    mobile SMALLINT NOT NULL,
    attached SMALLINT NOT NULL,
    CONSTRAINT lice_observation_pkey PRIMARY KEY (assignment_id, counted_on, fish_no)
)
 PARTITION BY RANGE (counted_on);

CREATE TABLE health_sample (
    sampled_on DATE NOT NULL,
    assignment_id INTEGER NOT NULL,
    n INTEGER NOT NULL,
    gill_score DOUBLE PRECISION NOT NULL,
    gill_score_max DOUBLE PRECISION NOT NULL,
    gills_affected INTEGER NOT NULL,
    wounded INTEGER NOT NULL,
    fin_score DOUBLE PRECISION NOT NULL,
    side_effect_score DOUBLE PRECISION NOT NULL,
    CONSTRAINT health_sample_pkey PRIMARY KEY (assignment_id, sampled_on)
)
 PARTITION BY RANGE (sampled_on);

ALTER TABLE daily_state
    ADD COLUMN weight_cv double precision NOT NULL DEFAULT 0,
    ADD COLUMN appetite double precision NOT NULL DEFAULT 0,
    ADD COLUMN lice_adult_female double precision,
    ADD COLUMN lice_mobile double precision,
    ADD COLUMN lice_attached double precision,
    ADD COLUMN gill_score double precision NOT NULL DEFAULT 0,
    ADD COLUMN wounded_percent double precision NOT NULL DEFAULT 0,
    ADD COLUMN side_effect_score double precision NOT NULL DEFAULT 0,
    ADD COLUMN disease_id smallint,
    ADD COLUMN sick_percent double precision NOT NULL DEFAULT 0,
    ADD COLUMN is_withheld boolean NOT NULL DEFAULT false,
    ADD COLUMN lice_fish_counted integer NOT NULL DEFAULT 0,
    ADD COLUMN lice_adult_female_counted integer NOT NULL DEFAULT 0,
    ADD COLUMN lice_mobile_counted integer NOT NULL DEFAULT 0,
    ADD COLUMN lice_attached_counted integer NOT NULL DEFAULT 0;
ALTER TABLE daily_state
    ALTER COLUMN weight_cv DROP DEFAULT,
    ALTER COLUMN appetite DROP DEFAULT,
    ALTER COLUMN gill_score DROP DEFAULT,
    ALTER COLUMN wounded_percent DROP DEFAULT,
    ALTER COLUMN side_effect_score DROP DEFAULT,
    ALTER COLUMN sick_percent DROP DEFAULT,
    ALTER COLUMN is_withheld DROP DEFAULT,
    ALTER COLUMN lice_fish_counted DROP DEFAULT,
    ALTER COLUMN lice_adult_female_counted DROP DEFAULT,
    ALTER COLUMN lice_mobile_counted DROP DEFAULT,
    ALTER COLUMN lice_attached_counted DROP DEFAULT;

ALTER TABLE growth_sample ADD COLUMN biomass_estimate_kg double precision NOT NULL DEFAULT 0;
ALTER TABLE growth_sample ALTER COLUMN biomass_estimate_kg DROP DEFAULT;
