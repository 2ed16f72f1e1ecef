-- Sensors show the water as it was, when they ought to. Every query returns offenders.

-- readings_on_time --
-- Sensors report at even intervals from midnight
-- So many times a day, or not at all.
-- Source: scenario, observation.readings_per_day
SELECT sensor_id, month, readings, off_time FROM reading_month WHERE off_time > 0;

-- readings_vary --
-- No sensor shows the same for a month
-- Of twenty readings and more; a sensor may lie at the end of what it can show.
-- Source: scenario, sensors.noise
SELECT r.sensor_id, r.month, p.code AS parameter, r.readings, r.low
  FROM reading_month AS r JOIN environmental_parameter AS p ON p.id = r.environmental_parameter_id
 WHERE r.readings >= 20 AND r.low = r.high AND r.low <> p.minimum
   AND r.low <> p.maximum;

-- readings_near_the_truth --
-- Readings that pass for good are near the water as it was
-- Of each sensor and month, no lower than the lowest day and no higher than the highest, but for what
-- a sensor is off by: noise and drift of five standard deviations, and the day's own swing.
-- Source: scenario, sensors
WITH compared AS (
    SELECT r.sensor_id, r.month, e.code, r.low, r.high, t.lowest, t.highest,
           (%(sensor_room)s::double precision[])[e.id] AS room
      FROM reading_month AS r
      JOIN environmental_parameter AS e ON e.id = r.environmental_parameter_id
      JOIN sensor AS s ON s.id = r.sensor_id
      JOIN water_month AS t ON t.month = r.month AND t.parameter = e.code
                           AND t.whose = coalesce(r.assignment_id, -s.site_id)
)
SELECT * FROM compared WHERE low < lowest - room OR high > highest + room;

-- deviations_of_a_drift --
-- What a calibration finds is a drift such as the sensor has
-- Within six standard deviations.
-- Source: scenario, sensors.drift
SELECT c.sensor_id, c.calibrated_on, p.code AS parameter, c.deviation
  FROM sensor_calibration AS c
  LEFT JOIN sensor AS s ON s.id = c.sensor_id
  LEFT JOIN environmental_parameter AS p ON p.id = s.environmental_parameter_id
 WHERE c.calibrated_on >= %(first)s AND c.calibrated_on < %(after)s
   AND (abs(c.deviation) <= 6 * (%(sensor_drift)s::double precision[])[p.id]) IS NOT TRUE;

-- services_by_kind --
-- A machine is serviced or repaired
-- It is one there is, after it was mounted.
-- Source: equipment
SELECT v.equipment_id, v.serviced_on, v.kind
  FROM equipment_service AS v LEFT JOIN equipment AS e ON e.id = v.equipment_id
 WHERE v.serviced_on >= %(first)s AND v.serviced_on < %(after)s
   AND (v.kind IN ('service', 'repair') AND v.serviced_on > e.installed_on) IS NOT TRUE;
