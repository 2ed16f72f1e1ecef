-- Weights and kinds of moves follow from the days on both sides. Every query returns offenders.

-- weights_of_assignments --
-- An assignment begins and ends at the weight of its fish
-- It begins at that of those who came on the first day, to a thousandth, or of eggs where none did;
-- it ends at that of its last evening.
-- Source: definition of an assignment
WITH came AS (
    SELECT t.to_assignment_id AS id, sum(t.count * t.mean_weight_g) / sum(t.count) AS weight_g
      FROM transfer AS t JOIN assignment AS a ON a.id = t.to_assignment_id AND t.date = a.start_date
     GROUP BY 1
)
SELECT a.id AS assignment_id, a.start_date, a.start_weight_g, came.weight_g AS came_at, a.end_date,
       a.end_weight_g, e.mean_weight_g AS last_evening
  FROM assignment AS a
  LEFT JOIN came USING (id)
  LEFT JOIN evening AS e ON e.assignment_id = a.id AND e.date = a.end_date - 1
 WHERE (abs(a.start_weight_g / coalesce(came.weight_g, %(egg_weight_g)s) - 1) <= 0.001) IS NOT TRUE
    OR a.end_weight_g IS DISTINCT FROM e.mean_weight_g;

-- weights_of_moves --
-- Fish weigh as much on the move as the evening before
-- Harvested fish, and all that leave a container on a day: grading sorts them, no gram is lost.
-- Source: conservation of mass
WITH moved AS (
    SELECT 'transfer' AS what, from_assignment_id AS assignment_id, date,
           sum(count * mean_weight_g) / sum(count) AS weight_g
      FROM transfer GROUP BY 2, 3
    UNION ALL
    SELECT 'harvest', assignment_id, date, mean_weight_g FROM harvest_event
)
SELECT m.what, m.assignment_id, m.date, m.weight_g, e.mean_weight_g AS evening_before
  FROM moved AS m LEFT JOIN evening AS e ON e.assignment_id = m.assignment_id AND e.date = m.date - 1
 WHERE (abs(m.weight_g / e.mean_weight_g - 1) <= 0.0001) IS NOT TRUE;

-- transfers_of_their_kind --
-- The kind of a transfer says where it goes
-- To sea; to the next stage on land; within a stage by grading, which moves all fish of a container
-- and leads to tanks alone, or by a split, which leaves fish behind.
-- Source: definition of a transfer
WITH leaving AS (
    SELECT from_assignment_id AS id, count(DISTINCT kind) FILTER (WHERE kind <> 'split') AS kinds,
           bool_or(kind = 'split') AS is_split, bool_and(kind = 'split') AS only_split
      FROM transfer GROUP BY 1
)
SELECT t.from_assignment_id, t.to_assignment_id, t.date, t.kind, f.stage AS from_stage,
       g.stage AS to_stage
  FROM transfer AS t
  JOIN stay AS f ON f.assignment_id = t.from_assignment_id
  JOIN stay AS g ON g.assignment_id = t.to_assignment_id
  JOIN leaving AS l ON l.id = t.from_assignment_id
 WHERE t.kind <> ALL (CASE WHEN g.site_id IS NOT NULL THEN ARRAY['sea']
                           WHEN g.stage_order > f.stage_order THEN ARRAY['stage']
                           ELSE ARRAY['split', 'grading'] END)
    OR l.kinds > 1 OR (t.kind = 'grading' AND l.is_split)
    OR (l.only_split AND f.end_date IS NOT NULL AND f.site_id IS NULL);

-- handling_on_arrival --
-- Those that died of a transfer died of handling on the day they arrived
-- No more than the receiver's history has.
-- Source: definition of a transfer
WITH arrived AS (
    SELECT to_assignment_id AS assignment_id, date, sum(mortality_count) AS died,
           bool_or(mortality_count > 0.5 * count) AS too_many
      FROM transfer GROUP BY 1, 2
), handled AS (
    SELECT m.assignment_id, m.date, m.count
      FROM mortality_event AS m JOIN mortality_cause AS c ON c.id = m.mortality_cause_id
     WHERE c.code = 'handling'
)
SELECT a.assignment_id, a.date, a.died, coalesce(h.count, 0) AS died_of_handling
  FROM arrived AS a LEFT JOIN handled AS h USING (assignment_id, date)
 WHERE a.died > coalesce(h.count, 0);

-- batches_by_their_rules --
-- A batch is numbered within the year of its eggs and expected when salmon are grown
-- Its code says geography, year and number; it starts when its first eggs are laid down, is of the
-- strain of its broodstock, and expected two to three years later, within half a year of its end.
-- Source: programme
WITH numbered AS (
    SELECT b.*, g.code AS geography,
           row_number() OVER (PARTITION BY b.geography_id, extract(year FROM b.start_date)
                              ORDER BY b.id) AS number,
           (SELECT min(a.start_date) FROM assignment AS a WHERE a.batch_id = b.id) AS laid_down,
           s.strain_id AS strain_of_broodstock, s.geography_id AS geography_of_broodstock
      FROM batch AS b
      JOIN geography AS g ON g.id = b.geography_id
      LEFT JOIN broodstock AS s ON s.id = b.broodstock_id
)
SELECT code AS batch, species, start_date, laid_down, expected_harvest, end_date, strain_id,
       strain_of_broodstock
  FROM numbered
 WHERE code <> geography || '-' || extract(year FROM start_date) || '-' || lpad(number::text, 2, '0')
    OR species <> 'Salmo salar' OR start_date IS DISTINCT FROM laid_down
    OR strain_id <> strain_of_broodstock OR geography_id <> geography_of_broodstock
    OR expected_harvest NOT BETWEEN start_date + 650 AND start_date + 1100
    OR abs(end_date - expected_harvest) > 183;
