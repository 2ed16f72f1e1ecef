"""The worker's app: which tasks it has, and the settings that were measured."""

from __future__ import annotations

import subprocess
import sys

from farm.orchestration.delivery import QUEUES, delivery_settings

URL = "redis://localhost:1/0"


def test_importing_the_app_reads_no_setting_and_opens_nothing():
    code = (
        "import os; os.environ['FARM_WORKERS'] = 'many'\n"
        "from farm.tasks.app import app\n"
        "assert not app.configured"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_app_has_the_tasks_that_messages_name():
    code = (
        "import os; os.environ.update(FARM_REDIS_URL='redis://localhost:1/0',"
        " FARM_DATABASE_URL='postgresql://localhost:1/x')\n"
        "from farm.tasks.app import app\n"
        "app.loader.import_default_modules()\n"
        "mine = {n for n in app.tasks if n.startswith('farm.')}\n"
        "assert mine == {'farm.advance', 'farm.close_month', 'farm.render', 'farm.simulate'}\n"
        "assert app.conf.accept_content == ['json']\n"
        "assert app.conf.broker_transport_options['global_keyprefix'] == 'farm:'"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_control_comes_before_work_in_the_order_in_which_queues_are_looked_into():
    assert list(QUEUES) == sorted(QUEUES)
    assert QUEUES[0] == "control"


def test_nothing_but_json_is_accepted():
    settings = delivery_settings(URL, workers=2, memory_limit_mb=1000)
    assert settings["accept_content"] == settings["result_accept_content"] == ["json"]


def test_the_three_visibility_timeouts_are_one_and_far_above_the_time_limit():
    settings = delivery_settings(URL, workers=2, memory_limit_mb=1000)
    seconds = {
        settings["visibility_timeout"],
        settings["broker_transport_options"]["visibility_timeout"],
        settings["result_backend_transport_options"]["visibility_timeout"],
    }
    assert len(seconds) == 1
    assert seconds.pop() > 2 * settings["task_time_limit"]


def test_the_memory_limit_is_shared_among_the_processes():
    settings = delivery_settings(URL, workers=4, memory_limit_mb=1000)
    assert settings["worker_max_memory_per_child"] == 200 * 1024
