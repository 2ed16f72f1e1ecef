"""The farm: ten years of a realistic salmon-farming company, generated in parallel."""
