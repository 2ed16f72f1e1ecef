"""How messages travel: Celery's settings, each with its reason. Data only."""

from __future__ import annotations

from typing import Any

#: Queues. A worker looks into them in the order of their names: closing months, advancing sessions
#: and simulating the next one never wait behind hundreds of chunks.
CONTROL = "control"
SIMULATE = "plan"
RENDER = "render"
QUEUES = (CONTROL, SIMULATE, RENDER)

#: Before every key that Celery writes to Redis.
KEY_PREFIX = "farm:"

#: The class that keeps results.
BACKEND = "farm.orchestration.canvas.UnwatchedBackend"

#: The class that carries messages.
TRANSPORT = "farm.orchestration.transport.Transport"

#: Seconds after which Redis hands a message of a silent worker to another one. Far longer than any
#: chunk, because a chunk that outlives it is started again and again; the ledger, not this, is what
#: notices dead workers.
VISIBILITY_S = 3600

#: Seconds a task may take before an exception stops it, and before its process is killed.
SOFT_LIMIT_S, HARD_LIMIT_S = 540, 600

#: Seconds results live in Redis. A chord is forgotten after this too; the reconciler goes on then.
RESULTS_S = 86_400

#: Part of the memory limit that worker processes may fill; the rest is for the workers' parents,
#: the coordinator and what a chunk adds before it is noticed.
_WORKERS_SHARE = 0.8

#: A process is replaced after this many tasks, so that a slow leak never matters. Rarely: the new
#: one computes the plan again. Memory has a limit of its own.
_TASKS_PER_CHILD = 20_000


def delivery_settings(redis_url: str, *, workers: int, memory_limit_mb: int) -> dict[str, Any]:
    """Return the Celery settings for this broker, number of processes and memory limit."""
    return {
        "broker_url": redis_url,
        # kombu sets TLS up (rediss://) where it finds its transport by the name in the URL.
        "broker_transport": TRANSPORT if redis_url.startswith("redis:") else None,
        "result_backend": f"{BACKEND}+{redis_url}",
        # Plain JSON only: a message from anywhere else must not be able to run code here.
        "task_serializer": "json",
        "result_serializer": "json",
        "event_serializer": "json",
        "accept_content": ["json"],
        "result_accept_content": ["json"],
        # A message is done when its task is. Chunks are idempotent, so twice is harmless.
        "task_acks_late": True,
        # A killed process becomes a retry of its task (max_retries and delay are on the task).
        "task_retry_on_worker_lost": True,
        "task_time_limit": HARD_LIMIT_S,
        "task_soft_time_limit": SOFT_LIMIT_S,
        # One message for each process and one more, so that none waits while the next is fetched;
        # whichever is free first takes it. The rest stays in Redis, where every worker can.
        "worker_prefetch_multiplier": 2,
        # On a cold stop, seconds for running chunks to end before they are cut off.
        "worker_soft_shutdown_timeout": 10.0,
        # Only together: cancelling on connection loss without retrying results loses chords.
        "worker_cancel_long_running_tasks_on_connection_loss": True,
        "result_backend_always_retry": True,
        "result_backend_max_retries": 20,
        "result_expires": RESULTS_S,
        "result_chord_expires": RESULTS_S,
        "broker_connection_retry_on_startup": True,
        "broker_connection_max_retries": None,
        "broker_transport_options": {
            "visibility_timeout": VISIBILITY_S,
            # Sweep for messages of dead workers every 5 s; the default comes to 100 s.
            "unacked_restore_interval": 5,
            "unacked_restore_throttle": 1,
            # Without it a publish waits for ever on a connection whose other end vanished.
            "socket_timeout": 30,
            "socket_connect_timeout": 5,
            "socket_keepalive": True,
            "health_check_interval": 25,
            "global_keyprefix": KEY_PREFIX,
            "queue_order_strategy": "sorted",
            # Our queues have an order already; steps inside them would be four times the keys.
            "priority_steps": [0],
        },
        "result_backend_transport_options": {
            "visibility_timeout": VISIBILITY_S,
            "global_keyprefix": KEY_PREFIX,
        },
        # The shortest of the three wins, so they are one.
        "visibility_timeout": VISIBILITY_S,
        "task_queues": {name: {"routing_key": name} for name in QUEUES},
        "task_default_queue": CONTROL,
        "task_create_missing_queues": False,
        # Events cost a tenth of the work. A worker is started with them where Flower runs, and
        # Flower asks for them; of what is sent or started the ledger knows more.
        "worker_send_task_events": False,
        "task_send_sent_event": False,
        "task_track_started": False,
        "worker_hijack_root_logger": False,
        "worker_max_tasks_per_child": _TASKS_PER_CHILD,
        # kB. Checked after a task ends, so it bounds what a process keeps, not what a chunk needs.
        "worker_max_memory_per_child": int(memory_limit_mb * _WORKERS_SHARE * 1024 / workers),
        "worker_concurrency": workers,
        "timezone": "UTC",
        "enable_utc": True,
    }
