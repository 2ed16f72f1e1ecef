-- Figures of a sample are those of its fish, and of the container it was taken from.

-- estimates_go_with_the_samples --
-- What people believe a container holds goes with its samples and its growth
-- They count on so many fish, and on a weight between that of the sample and that which they expected;
-- both are off by as much as long as the assignment lasts. So over its samples the estimate per fish
-- and true weight lies on one straight line over the sampled weight.
-- Source: scenario, observation.estimates
WITH point AS (
    SELECT assignment_id, g.biomass_estimate_kg * 1000 / (e.population * e.mean_weight_g) AS believed,
           g.mean_weight_g / e.mean_weight_g AS sampled
      FROM growth_sample AS g
      JOIN evening AS e USING (assignment_id)
     WHERE e.date = g.sampled_on AND e.population > 0
       AND g.sampled_on >= %(first)s AND g.sampled_on < %(after)s
), line AS (
    SELECT assignment_id, count(*) AS samples, min(believed) AS least, max(believed) AS most,
           sqrt(greatest(regr_syy(believed, sampled)
                         - regr_sxy(believed, sampled) ^ 2 / nullif(regr_sxx(believed, sampled), 0),
                         0) / count(*)) AS off
      FROM point GROUP BY 1
)
SELECT * FROM line
 WHERE least < 0.4 OR most > 2.5 OR (samples >= 4 AND off > 0.004);

-- health_samples_are_whole_fish --
-- Scores of a health sample are means of whole scores of its fish
-- The worst gill is one of them; those of two and more are the affected ones. At most as many fish
-- as a sample wants.
-- Source: definition of a sample; scenario, health.fish, health.affected_from
SELECT assignment_id, sampled_on, n, gill_score, gill_score_max, gills_affected, wounded, fin_score,
       side_effect_score
  FROM health_sample
 WHERE sampled_on >= %(first)s AND sampled_on < %(after)s
   AND (n > %(health_fish)s OR gill_score_max <> round(gill_score_max) OR gill_score_max < 0
        OR greatest(abs(n * gill_score - round(n * gill_score)),
                    abs(n * fin_score - round(n * fin_score)),
                    abs(n * side_effect_score - round(n * side_effect_score))) > 1e-6
        OR (gills_affected > 0) <> (gill_score_max >= %(gills_affected_from)s)
        OR (gill_score_max > 0) <> (gill_score > 0)
        OR n * gill_score < gill_score_max + %(gills_affected_from)s * greatest(gills_affected - 1, 0)
                            - 1e-6
        OR n * gill_score > gill_score_max * gills_affected + n - gills_affected + 1e-6
        OR fin_score > 3 OR least(wounded, gills_affected) < 0);

-- lice_fish_are_numbered --
-- The fish of a lice count are numbered from 1
-- And bear no fewer lice than none.
-- Source: definition of a count
SELECT assignment_id, counted_on, min(fish_no) AS first_no, max(fish_no) AS last_no, count(*) AS fish
  FROM lice_observation
 WHERE counted_on >= %(first)s AND counted_on < %(after)s
 GROUP BY 1, 2
HAVING min(fish_no) <> 1 OR max(fish_no) <> count(*)
    OR least(min(adult_female), min(mobile), min(attached)) < 0;

-- health_samples_on_their_days --
-- All containers of a hall or site are looked at on the same days
-- At even intervals, so that none is forgotten.
-- Source: scenario, health.interval
WITH looked_at AS (
    SELECT p.hall_id, p.site_id, h.sampled_on, count(*) AS containers
      FROM health_sample AS h
      JOIN assignment AS a ON a.id = h.assignment_id
      JOIN container_place AS p USING (container_id)
     WHERE h.sampled_on >= %(first)s AND h.sampled_on < %(after)s
     GROUP BY 1, 2, 3
), there AS (
    SELECT l.hall_id, l.site_id, l.sampled_on, l.containers, count(*) AS stocked
      FROM looked_at AS l
      JOIN container_place AS p ON p.hall_id = l.hall_id OR p.site_id = l.site_id
      JOIN assignment AS a USING (container_id)
     WHERE a.start_date <= l.sampled_on AND coalesce(a.end_date, 'infinity') > l.sampled_on
     GROUP BY 1, 2, 3, 4
)
SELECT hall_id, site_id, sampled_on, containers, stocked FROM there WHERE containers <> stocked;
