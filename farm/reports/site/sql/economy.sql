-- What harvested batches cost and brought.

-- accounts --
-- One row for each harvested batch.
SELECT b.code AS batch, g.name AS geography, g.currency, a.closed_on, a.gutted_kg / 1000 AS gutted_t,
       a.revenue, a.total_cost, a.profit, a.cost_per_kg, a.revenue / nullif(a.gutted_kg, 0)::numeric AS price,
       a.profit / nullif(a.gutted_kg, 0)::numeric AS profit_per_kg, a.fcr_economic, a.survival_percent,
       a.mortality_cost, a.egg_cost, a.feed_cost, a.treatment_cost, a.vaccination_cost,
       a.operating_cost, a.harvest_cost
  FROM batch_account AS a JOIN batch AS b ON b.id = a.batch_id
  JOIN geography AS g ON g.id = b.geography_id
 WHERE a.closed_on <= %(last_day)s ORDER BY a.closed_on, b.code;

-- costs --
-- Cost per kilogram gutted by item, of the batches that closed in a year.
SELECT extract(year FROM a.closed_on)::int AS year, g.name AS geography, g.currency, x.place, x.item,
       sum(x.amount) AS amount, sum(x.amount) / nullif(sum(a.gutted_kg), 0)::numeric AS per_kg
  FROM batch_account AS a JOIN batch AS b ON b.id = a.batch_id
  JOIN geography AS g ON g.id = b.geography_id
  CROSS JOIN LATERAL (VALUES
      (1, 'Eggs', a.egg_cost), (2, 'Feed', a.feed_cost), (3, 'Treatments', a.treatment_cost),
      (4, 'Vaccination', a.vaccination_cost), (5, 'Operation', a.operating_cost),
      (6, 'Harvest', a.harvest_cost)) AS x (place, item, amount)
 WHERE a.closed_on <= %(last_day)s
 GROUP BY 1, g.id, 4, 5 ORDER BY g.id, 1, 4;

-- prices --
-- What a kilogram brought: superior fish by weight class, each month.
SELECT g.name AS geography, g.currency, p.month, p.weight_class, p.price_per_kg AS price
  FROM salmon_price AS p JOIN geography AS g ON g.id = p.geography_id
 WHERE p.month <= %(last_day)s ORDER BY g.id, p.weight_class, p.month;

-- values --
-- What the living fish have cost so far, at the end of each month.
SELECT g.name AS geography, g.currency, m.month, sum(m.book_value) AS book_value,
       sum(m.mortality_cost) AS mortality_cost,
       sum(m.egg_cost + m.feed_cost + m.treatment_cost + m.vaccination_cost + m.operating_cost) AS cost
  FROM batch_month AS m JOIN batch AS b ON b.id = m.batch_id
  JOIN geography AS g ON g.id = b.geography_id
 WHERE m.month <= %(last_day)s GROUP BY g.id, m.month ORDER BY g.id, m.month;
