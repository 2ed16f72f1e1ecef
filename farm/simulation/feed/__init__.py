"""Feed, from purchase to fish: stores of lots, orders and deliveries, prices."""
