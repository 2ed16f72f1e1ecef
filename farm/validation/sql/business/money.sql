-- Figures are recalculated from the rows that they sum up, and money from what things cost. Every query
-- returns offenders.

-- revenue_of_harvest_lots --
-- Harvest lots bring the price of their month, class and quality
-- salmon_price * what fish of the quality bring over superior ones * gutted kilograms, to half a cent.
-- Source: salmon_price; scenario, costs.salmon
SELECT l.assignment_id, l.date, l.weight_class, l.quality, l.gutted_kg, p.price_per_kg,
       q.factor, l.revenue
  FROM harvest_lot AS l
  JOIN assignment AS a ON a.id = l.assignment_id
  JOIN batch AS b ON b.id = a.batch_id
  LEFT JOIN salmon_price AS p ON p.geography_id = b.geography_id AND p.weight_class = l.weight_class
                             AND p.month = date_trunc('month', l.date)::date
  LEFT JOIN unnest(%(quality)s::text[], %(quality_factor)s::float8[]) AS q (quality, factor)
         ON q.quality = l.quality
 WHERE (abs(l.revenue - p.price_per_kg * q.factor * l.gutted_kg) <= 0.005 + 1e-6) IS NOT TRUE;

-- batch_months_of_the_days --
-- The figures of a batch's month are those of its days
-- Fish, biomass, deaths, feed and its cost, harvests, growth, growth rates, feed conversion, density and
-- lice are recalculated from the history, harvests, treatments and eggs, by their definitions.
-- Source: definitions of SGR, TGC and FCR
WITH day AS (
    SELECT batch_id, date, date_trunc('month', date)::date AS month, sum(fish) AS fish,
           sum(biomass_kg) AS kg, sum(deaths) AS deaths, sum(dead_kg) AS dead_kg,
           sum(feed_kg) AS feed_kg, sum(feed_cost) AS feed_cost,
           coalesce(sum(warmth) / nullif(sum(fish), 0), 0) AS temperature_c,
           max(highest_density) AS density, sum(lice_found) AS lice, sum(lice_fish) AS lice_fish
      FROM herd_day WHERE date >= %(first)s::date - 1 AND date < %(after)s GROUP BY 1, 2
), summed AS (
    SELECT batch_id, month, max(date) FILTER (WHERE fish > 0) AS last_day, sum(deaths) AS deaths,
           sum(dead_kg) AS dead_kg, sum(feed_kg) AS feed_kg, sum(feed_cost) AS feed_cost,
           sum(temperature_c) AS degree_days, max(density) AS density, sum(lice) AS lice,
           sum(lice_fish) AS lice_fish
      FROM day WHERE date >= %(first)s GROUP BY 1, 2
), there AS (
    SELECT batch_id, month FROM summed
    UNION
    SELECT batch_id, date + 1 FROM day
     WHERE fish > 0 AND extract(day FROM date + 1) = 1 AND date + 1 < %(after)s
), egg AS (
    SELECT batch_id, date_trunc('month', start_date)::date AS month, sum(start_count) AS eggs,
           sum(start_count * start_weight_g) / 1000 AS kg
      FROM stay WHERE stage_order = 1 GROUP BY 1, 2
), harvest AS (
    SELECT s.batch_id, date_trunc('month', h.date)::date AS month, sum(h.count) AS fish,
           sum(h.biomass_kg) AS kg
      FROM harvest_event AS h JOIN stay AS s USING (assignment_id) GROUP BY 1, 2
), cure AS (
    SELECT s.batch_id, date_trunc('month', t.start_date)::date AS month, count(*) AS n
      FROM treatment AS t JOIN stay AS s USING (assignment_id) GROUP BY 1, 2
), stage AS (
    SELECT DISTINCT ON (h.batch_id, h.date) h.batch_id, h.date, l.id
      FROM (SELECT batch_id, date, stage_order, sum(fish) AS fish FROM herd_day GROUP BY 1, 2, 3) AS h
      JOIN lifecycle_stage AS l USING (stage_order)
     ORDER BY h.batch_id, h.date, h.fish DESC, stage_order
), recalculated AS (
    SELECT t.batch_id, t.month, z.id AS stage, coalesce(b.fish, 0) AS start_fish,
           coalesce(b.kg, 0) AS start_kg, coalesce(e.fish, 0) AS end_fish, coalesce(e.kg, 0) AS end_kg,
           1000 * b.kg / nullif(b.fish, 0) AS before_g,
           1000 * coalesce(l.kg, b.kg) / coalesce(l.fish, b.fish) AS after_g,
           CASE WHEN b.fish > 0 THEN s.last_day - t.month + 1 END AS days, s.deaths, s.dead_kg,
           s.feed_kg, s.feed_cost, s.degree_days, s.density, s.lice, s.lice_fish,
           coalesce(h.fish, 0) AS harvested, coalesce(h.kg, 0) AS harvested_kg,
           coalesce(c.n, 0) AS treatments, coalesce(g.eggs, 0) AS eggs,
           coalesce(e.kg, 0) + coalesce(h.kg, 0) + coalesce(s.dead_kg, 0) - coalesce(b.kg, 0)
               - coalesce(g.kg, 0) AS growth_kg
      FROM there AS t
      LEFT JOIN summed AS s USING (batch_id, month)
      LEFT JOIN day AS b ON b.batch_id = t.batch_id AND b.date = t.month - 1
      LEFT JOIN day AS e ON e.batch_id = t.batch_id
                        AND e.date = (t.month + interval '1 month')::date - 1
      LEFT JOIN day AS l ON l.batch_id = t.batch_id AND l.date = s.last_day
      LEFT JOIN stage AS z ON z.batch_id = t.batch_id AND z.date = coalesce(s.last_day, t.month - 1)
      LEFT JOIN egg AS g ON g.batch_id = t.batch_id AND g.month = t.month
      LEFT JOIN harvest AS h ON h.batch_id = t.batch_id AND h.month = t.month
      LEFT JOIN cure AS c ON c.batch_id = t.batch_id AND c.month = t.month
), published AS (
    SELECT * FROM batch_month WHERE month >= %(first)s AND month < %(after)s
)
SELECT batch_id, month, f.figure, f.published, f.recalculated
  FROM published AS p FULL JOIN recalculated AS r USING (batch_id, month)
 CROSS JOIN LATERAL (VALUES
       ('lifecycle_stage_id', p.lifecycle_stage_id, r.stage, 0),
       ('start_population', p.start_population, r.start_fish, 0),
       ('end_population', p.end_population, r.end_fish, 0),
       ('start_biomass_kg', p.start_biomass_kg, r.start_kg, 0.0006),
       ('end_biomass_kg', p.end_biomass_kg, r.end_kg, 0.0006),
       ('mean_weight_g', p.mean_weight_g, r.after_g, 0.00006),
       ('deaths', p.deaths, coalesce(r.deaths, 0), 0),
       ('mortality_percent', p.mortality_percent,
        100.0 * coalesce(r.deaths, 0) / nullif(r.start_fish + r.eggs, 0), 0.00006),
       ('dead_kg', p.dead_kg, coalesce(r.dead_kg, 0), 0.0006),
       ('harvested', p.harvested, r.harvested, 0),
       ('harvested_kg', p.harvested_kg, r.harvested_kg, 0.0006),
       ('growth_kg', p.growth_kg, r.growth_kg, 0.0006),
       ('feed_kg', p.feed_kg, coalesce(r.feed_kg, 0), 0),
       ('feed_cost', p.feed_cost, coalesce(r.feed_cost, 0), 0),
       ('degree_days', p.degree_days, coalesce(r.degree_days, 0), 0.0006),
       ('sgr_percent_day', p.sgr_percent_day, 100 * ln(r.after_g / r.before_g) / r.days, 0.00006),
       ('tgc', p.tgc, CASE WHEN r.days > 0 THEN
                      1000 * (cbrt(r.after_g) - cbrt(r.before_g)) / r.degree_days END, 0.00006),
       ('fcr_biological', p.fcr_biological, CASE WHEN r.feed_kg > 0 AND r.growth_kg > 0
                                            THEN r.feed_kg / r.growth_kg END, 0.00006),
       ('fcr_economic', p.fcr_economic, CASE WHEN r.feed_kg > 0 AND r.growth_kg > r.dead_kg
                                        THEN r.feed_kg / (r.growth_kg - r.dead_kg) END, 0.00006),
       ('max_density_kg_m3', p.max_density_kg_m3, coalesce(r.density, 0), 0.00006),
       ('lice_adult_female', p.lice_adult_female, r.lice::float8 / nullif(r.lice_fish, 0), 0.00006),
       ('treatments', p.treatments, r.treatments, 0)
       ) AS f (figure, published, recalculated, tolerance)
 WHERE num_nulls(f.published, f.recalculated) = 1
    OR abs(f.published - f.recalculated) > f.tolerance + 1e-9 * abs(f.recalculated);

-- deaths_of_batch_months --
-- Deaths by cause of a batch's month are those of its mortality events
-- Every cause.
-- Source: conservation of fish
-- By: year
WITH event AS (
    SELECT s.batch_id, m.month, m.cause, sum(m.count) AS deaths
      FROM (SELECT assignment_id, date_trunc('month', date)::date AS month,
                   mortality_cause_id AS cause, sum(count) AS count
              FROM mortality_event WHERE date >= %(first)s AND date < %(after)s GROUP BY 1, 2, 3) AS m
      JOIN stay AS s USING (assignment_id)
     GROUP BY 1, 2, 3
), month AS (
    SELECT b.batch_id, b.month, c.cause::smallint, c.deaths
      FROM batch_month AS b, unnest(b.deaths_by_cause) WITH ORDINALITY AS c (deaths, cause)
     WHERE b.month >= %(first)s AND b.month < %(after)s AND c.deaths > 0
)
SELECT batch_id, month, cause, m.deaths AS in_month, e.deaths AS in_events
  FROM month AS m FULL JOIN event AS e USING (batch_id, month, cause)
 WHERE m.deaths IS DISTINCT FROM e.deaths;

-- site_months_of_the_days --
-- The figures of a site's or station's month are those of its days
-- Every place has every month. Utilisation, fallow days, fish, biomass, density, deaths, growth, feed
-- and its cost, feed conversion, lice and treatments are recalculated from the rows.
-- Source: definitions of utilisation and FCR
WITH day AS (
    SELECT place, date, date_trunc('month', date)::date AS month, sum(containers) AS containers,
           sum(fish) AS fish, sum(biomass_kg) AS kg, sum(deaths) AS deaths, sum(dead_kg) AS dead_kg,
           sum(feed_kg) AS feed_kg, sum(feed_cost) AS feed_cost, max(highest_density) AS density,
           sum(lice_found) AS lice, sum(lice_fish) AS lice_fish
      FROM herd_day WHERE date >= %(first)s::date - 1 AND date < %(after)s GROUP BY 1, 2
), summed AS (
    SELECT place, month, sum(containers) AS occupied, count(*) FILTER (WHERE fish > 0) AS stocked,
           sum(fish) AS fish_days, max(kg) AS max_kg, max(density) AS density, sum(deaths) AS deaths,
           sum(dead_kg) AS dead_kg, sum(feed_kg) AS feed_kg, sum(feed_cost) AS feed_cost,
           sum(lice) AS lice, sum(lice_fish) AS lice_fish
      FROM day WHERE date >= %(first)s GROUP BY 1, 2
), moved AS (
    SELECT place, date_trunc('month', date)::date AS month, sum(kg) AS kg, sum(harvested) AS harvested
      FROM (SELECT f.place, t.date, -t.biomass_kg AS kg, 0 AS harvested
              FROM transfer AS t JOIN stay AS f ON f.assignment_id = t.from_assignment_id
            UNION ALL
            SELECT s.place, t.date, t.biomass_kg, 0
              FROM transfer AS t JOIN stay AS s ON s.assignment_id = t.to_assignment_id
            UNION ALL
            SELECT place, start_date, start_count * start_weight_g / 1000, 0
              FROM stay WHERE stage_order = 1
            UNION ALL
            SELECT s.place, h.date, -h.biomass_kg, h.biomass_kg
              FROM harvest_event AS h JOIN stay AS s USING (assignment_id)) AS flow
     GROUP BY 1, 2
), cure AS (
    SELECT s.place, date_trunc('month', t.start_date)::date AS month, count(*) AS n
      FROM treatment AS t JOIN stay AS s USING (assignment_id) GROUP BY 1, 2
), place AS (
    SELECT coalesce(site_id, -station_id) AS place, count(*) AS containers
      FROM container_place GROUP BY 1
), recalculated AS (
    SELECT p.place, m.month::date AS month, p.containers,
           (m.month + interval '1 month')::date - m.month::date AS days,
           coalesce(s.occupied, 0) AS occupied, coalesce(s.stocked, 0) AS stocked, s.fish_days,
           coalesce(e.fish, 0) AS fish, coalesce(e.kg, 0) AS kg, coalesce(s.max_kg, 0) AS max_kg,
           coalesce(s.density, 0) AS density, coalesce(s.deaths, 0) AS deaths, s.feed_kg,
           s.feed_cost, s.lice, s.lice_fish, coalesce(o.harvested, 0) AS harvested,
           coalesce(c.n, 0) AS treatments,
           coalesce(e.kg, 0) - coalesce(b.kg, 0) + coalesce(s.dead_kg, 0) - coalesce(o.kg, 0)
               AS growth_kg
      FROM place AS p
     CROSS JOIN generate_series(%(first)s::timestamp, %(after)s::date - 1, '1 month') AS m (month)
      LEFT JOIN summed AS s ON s.place = p.place AND s.month = m.month::date
      LEFT JOIN day AS b ON b.place = p.place AND b.date = m.month::date - 1
      LEFT JOIN day AS e ON e.place = p.place AND e.date = (m.month + interval '1 month')::date - 1
      LEFT JOIN moved AS o ON o.place = p.place AND o.month = m.month::date
      LEFT JOIN cure AS c ON c.place = p.place AND c.month = m.month::date
), published AS (
    SELECT *, coalesce(site_id, -station_id) AS place
      FROM site_month WHERE month >= %(first)s AND month < %(after)s
)
SELECT place, month, f.figure, f.published, f.recalculated
  FROM published AS p FULL JOIN recalculated AS r USING (place, month)
 CROSS JOIN LATERAL (VALUES
       ('containers', p.containers, r.containers, 0),
       ('occupied_container_days', p.occupied_container_days, r.occupied, 0),
       ('utilisation_percent', p.utilisation_percent,
        100.0 * r.occupied / (r.containers * r.days), 0.00006),
       ('fallow_days', p.fallow_days, r.days - r.stocked, 0),
       ('end_population', p.end_population, r.fish, 0),
       ('end_biomass_kg', p.end_biomass_kg, r.kg, 0.0006),
       ('max_biomass_kg', p.max_biomass_kg, r.max_kg, 0.0006),
       ('max_density_kg_m3', p.max_density_kg_m3, r.density, 0.00006),
       ('deaths', p.deaths, r.deaths, 0),
       ('mortality_percent', p.mortality_percent,
        coalesce(100.0 * r.deaths * r.stocked / nullif(r.fish_days, 0), 0), 0.00006),
       ('growth_kg', p.growth_kg, r.growth_kg, 0.0006),
       ('harvested_kg', p.harvested_kg, r.harvested, 0.0006),
       ('feed_kg', p.feed_kg, coalesce(r.feed_kg, 0), 0),
       ('feed_cost', p.feed_cost, coalesce(r.feed_cost, 0), 0),
       ('fcr_biological', p.fcr_biological, CASE WHEN r.feed_kg > 0 AND r.growth_kg > 0
                                            THEN r.feed_kg / r.growth_kg END, 0.00006),
       ('lice_adult_female', p.lice_adult_female, r.lice::float8 / nullif(r.lice_fish, 0), 0.00006),
       ('lice_fish_counted', p.lice_fish_counted, coalesce(r.lice_fish, 0), 0),
       ('treatments', p.treatments, r.treatments, 0)
       ) AS f (figure, published, recalculated, tolerance)
 WHERE num_nulls(f.published, f.recalculated) = 1
    OR abs(f.published - f.recalculated) > f.tolerance + 1e-9 * abs(f.recalculated);

-- costs_of_batch_months --
-- What a batch cost in a month is what its eggs, cures, vaccines, room and weight cost
-- Treatments and vaccinations of the month as they were billed; eggs at the price of an egg, rooms and
-- biomass at the tariffs of geography and stage, all at the prices of the month.
-- Source: scenario, costs
WITH tariff AS (
    SELECT g.id AS geography_id, s.stage_order, (c.costs #>> ARRAY['egg', g.code])::float8 AS egg,
           (c.costs #>> ARRAY['operation', g.code, 'volume', s.code])::float8 AS per_m3,
           (c.costs #>> ARRAY['operation', g.code, 'biomass', s.code])::float8 / 1000 AS per_kg
      FROM geography AS g, lifecycle_stage AS s, (SELECT %(costs)s::jsonb AS costs) AS c
), price AS (
    SELECT * FROM unnest(%(months)s::date[], %(inflation)s::float8[]) AS p (month, inflation)
), kept AS (
    SELECT h.batch_id, date_trunc('month', h.date)::date AS month,
           sum(h.volume_m3 * t.per_m3 + h.biomass_kg * t.per_kg) AS cost
      FROM herd_day AS h
      JOIN batch AS b ON b.id = h.batch_id
      JOIN tariff AS t USING (geography_id, stage_order)
     GROUP BY 1, 2
), egg AS (
    SELECT s.batch_id, date_trunc('month', s.start_date)::date AS month,
           sum(s.start_count * t.egg) AS cost
      FROM stay AS s
      JOIN batch AS b ON b.id = s.batch_id
      JOIN tariff AS t USING (geography_id, stage_order)
     WHERE s.stage_order = 1 GROUP BY 1, 2
), cure AS (
    SELECT s.batch_id, date_trunc('month', t.start_date)::date AS month, sum(t.cost) AS cost
      FROM treatment AS t JOIN stay AS s USING (assignment_id) GROUP BY 1, 2
), jab AS (
    SELECT s.batch_id, date_trunc('month', v.date)::date AS month, sum(v.cost) AS cost
      FROM vaccination AS v JOIN stay AS s USING (assignment_id) GROUP BY 1, 2
)
SELECT m.batch_id, m.month, f.figure, f.published, f.recalculated
  FROM batch_month AS m
  JOIN price AS p ON p.month = m.month
  LEFT JOIN kept AS k ON k.batch_id = m.batch_id AND k.month = m.month
  LEFT JOIN egg AS e ON e.batch_id = m.batch_id AND e.month = m.month
  LEFT JOIN cure AS c ON c.batch_id = m.batch_id AND c.month = m.month
  LEFT JOIN jab AS v ON v.batch_id = m.batch_id AND v.month = m.month
 CROSS JOIN LATERAL (VALUES
       ('egg_cost', m.egg_cost, coalesce(e.cost, 0) * p.inflation, 0.005),
       ('operating_cost', m.operating_cost, coalesce(k.cost, 0) * p.inflation, 0.005),
       ('treatment_cost', m.treatment_cost, coalesce(c.cost, 0), 0),
       ('vaccination_cost', m.vaccination_cost, coalesce(v.cost, 0), 0)
       ) AS f (figure, published, recalculated, tolerance)
 WHERE m.month >= %(first)s AND m.month < %(after)s
   AND abs(f.published - f.recalculated) > f.tolerance + 1e-6;

-- cost_of_harvest --
-- Harvest costs by gutted weight, at the prices of the month
-- Wellboat, slaughter, packing and freight of all months of a batch.
-- Source: scenario, costs.harvest
WITH price AS (
    SELECT * FROM unnest(%(months)s::date[], %(inflation)s::float8[]) AS p (month, inflation)
), month AS (
    SELECT s.batch_id, s.geography, date_trunc('month', l.date)::date AS month,
           sum(l.gutted_kg) AS gutted_kg
      FROM harvest_lot AS l JOIN stay AS s USING (assignment_id) GROUP BY 1, 2, 3
), cost AS (
    SELECT m.batch_id, count(*) AS months,
           sum(m.gutted_kg * p.inflation
               * (%(costs)s::jsonb #>> ARRAY['harvest', m.geography])::float8) AS cost
      FROM month AS m JOIN price AS p USING (month) GROUP BY 1
)
SELECT a.batch_id, a.harvest_cost, c.cost AS recalculated
  FROM batch_account AS a LEFT JOIN cost AS c USING (batch_id)
 WHERE (abs(a.harvest_cost - c.cost) <= 0.005 * c.months + 1e-6) IS NOT TRUE;

-- salmon_prices_follow_their_market --
-- What salmon brings in a month is one price, and not far from the market
-- Over level and season of the geography and the factor of the weight class, all prices leave the same
-- noise, in both geographies, as exactly as they are rounded. Noise and its change lie within five
-- standard deviations; it never stands still for three months.
-- Source: scenario, costs.salmon
WITH quoted AS (
    SELECT s.month, s.geography_id, s.weight_class, s.price_per_kg, m.price * c.factor AS usual
      FROM salmon_price AS s
      JOIN geography AS g ON g.id = s.geography_id
      JOIN jsonb_to_recordset(%(salmon_market)s::jsonb)
           AS m (geography text, month date, price float8)
           ON m.geography = g.code AND m.month = s.month
      LEFT JOIN jsonb_to_recordset(%(weight_classes)s::jsonb) AS c (name text, factor float8)
             ON c.name = s.weight_class
), quote AS (
    SELECT month, sum(price_per_kg) AS price, bool_or(usual IS NULL) AS of_no_class,
           max((price_per_kg - 0.00005) / usual) AS least,
           min((price_per_kg + 0.00005) / usual) AS most,
           (array_agg(weight_class ORDER BY price_per_kg / usual))[1] AS cheapest_class,
           (array_agg(weight_class ORDER BY price_per_kg / usual DESC))[1] AS dearest_class
      FROM quoted GROUP BY 1
), noise AS (
    SELECT q.*, ln(least) AS noise, ln(least) - lag(ln(least)) OVER by_month AS change,
           price = lag(price) OVER by_month AND price = lag(price, 2) OVER by_month AS stands_still
      FROM quote AS q
    WINDOW by_month AS (ORDER BY month)
)
SELECT month, cheapest_class, least, dearest_class, most, noise, change
  FROM noise
 WHERE least > most + 1e-9 OR of_no_class OR abs(noise) > 5 * %(salmon_sd)s::float8 + 0.001
    OR abs(change) > 5 * %(salmon_sd)s::float8 * sqrt(2 * (1 - %(salmon_persistence)s)) + 0.001
    OR (stands_still AND %(salmon_sd)s::float8 > 0);

-- gutting_leaves_the_share --
-- Gutting leaves of every lot of a pen what it leaves of its fish
-- A share that falls with their weight and with what vaccination left. The pen's own part of it is the
-- same in all its lots, and within five standard deviations.
-- Source: scenario, harvest.gutting
WITH caught AS (
    SELECT h.assignment_id, h.date, g.spread,
           g.share - g.lost_per_kg * (h.mean_weight_g - g.reference) / 1000
               - g.lost_per_score * d.side_effect_score AS usual
      FROM harvest_event AS h
      LEFT JOIN LATERAL (
           SELECT side_effect_score
             FROM daily_state
            WHERE assignment_id = h.assignment_id AND date = h.date - 1 LIMIT 1) AS d ON true
     CROSS JOIN jsonb_to_record(%(gutting)s::jsonb)
                AS g (share float8, spread float8, reference float8, lost_per_kg float8,
                      lost_per_score float8)
), lot AS (
    SELECT l.assignment_id, l.date, l.weight_class, l.quality, l.live_kg, l.gutted_kg, c.spread,
           l.gutted_kg / l.live_kg - c.usual AS of_pen
      FROM harvest_lot AS l LEFT JOIN caught AS c USING (assignment_id, date)
), pen AS (
    SELECT assignment_id, percentile_cont(0.5) WITHIN GROUP (ORDER BY of_day) AS of_pen
      FROM (SELECT assignment_id, min(of_pen) AS of_day FROM lot GROUP BY assignment_id, date) AS day
     GROUP BY 1
)
SELECT assignment_id, l.date, l.weight_class, l.quality, l.live_kg, l.gutted_kg, l.of_pen,
       p.of_pen AS usual_of_pen
  FROM lot AS l JOIN pen AS p USING (assignment_id)
 WHERE (abs(l.of_pen) <= 5 * l.spread AND abs(l.of_pen - p.of_pen) <= 1e-6) IS NOT TRUE;

-- downgraded_fish_are_small --
-- Of small fish more are downgraded, and of all as many become production fish
-- By harvest: the share of fish that are not superior goes with their weight over the pen's to a
-- power, and production fish are the same share of these in every weight class. Up to three fish,
-- for whole ones are counted.
-- Source: scenario, harvest.grades.small
WITH class AS (
    SELECT l.assignment_id, l.date, l.weight_class, sum(l.count) AS fish,
           coalesce(sum(l.count) FILTER (WHERE l.quality <> 'superior'), 0) AS down,
           coalesce(sum(l.count) FILTER (WHERE l.quality = 'production'), 0) AS production,
           power(min(l.mean_weight_g) / h.mean_weight_g,
                 - (%(grades)s::jsonb ->> 'small')::float8) AS excess
      FROM harvest_lot AS l JOIN harvest_event AS h USING (assignment_id, date)
     GROUP BY l.assignment_id, l.date, l.weight_class, h.mean_weight_g
), event AS (
    SELECT assignment_id, date, sum(production) / nullif(sum(down), 0) AS production,
           sum(down) FILTER (WHERE down < fish)
               / nullif(sum(fish * excess) FILTER (WHERE down < fish), 0) AS down
      FROM class GROUP BY 1, 2
)
SELECT assignment_id, date, c.weight_class, c.fish, c.down, e.down * c.fish * c.excess AS expected,
       c.production, e.production * c.down AS expected_production
  FROM class AS c JOIN event AS e USING (assignment_id, date)
 WHERE abs(c.down - least(e.down * c.excess, 1) * c.fish) > 3
    OR abs(c.production - e.production * c.down) > 3;

-- wounded_fish_go_to_production --
-- Of fish with open wounds most become production fish
-- By harvest: at least as many as the wounds that its fish had the day before make, in weight
-- classes in which some are superior. Up to two fish in each class, for whole ones are counted.
-- Source: scenario, harvest.grades.wounded
WITH class AS (
    SELECT l.assignment_id, l.date, sum(l.count) AS fish,
           coalesce(sum(l.count) FILTER (WHERE l.quality = 'production'), 0) AS production,
           power(min(l.mean_weight_g) / h.mean_weight_g,
                 - (%(grades)s::jsonb ->> 'small')::float8) AS excess
      FROM harvest_lot AS l JOIN harvest_event AS h USING (assignment_id, date)
     GROUP BY l.assignment_id, l.date, l.weight_class, h.mean_weight_g
    HAVING bool_or(l.quality = 'superior')
), event AS (
    SELECT assignment_id, date, count(*) AS classes, sum(production) AS production,
           sum(fish * excess) * (%(grades)s::jsonb ->> 'wounded')::float8 AS of_all
      FROM class GROUP BY 1, 2
)
SELECT e.assignment_id, e.date, e.production, e.of_all * d.wounded_percent / 100 AS of_wounded
  FROM event AS e
 CROSS JOIN LATERAL (
       SELECT wounded_percent
         FROM daily_state
        WHERE assignment_id = e.assignment_id AND date = e.date - 1 LIMIT 1) AS d
 WHERE e.production < e.of_all * d.wounded_percent / 100 - 2 * e.classes;
