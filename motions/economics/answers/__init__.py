"""Questions asked of the model: how sure, what moves it, where a target is reached, why two scenarios differ."""
