#!/bin/sh
# A provider in a pane of the background zellij session fairway-LANE.
#
#     zellij.sh LANE [TASK_ID] [more flags of `fairway session launch`]
#
# FAIRWAY_PROVIDER (default codex), FAIRWAY_PROVIDER_COMMAND, FAIRWAY_INITIAL_PROMPT and FAIRWAY_TRANSCRIPT change who is
# started and how. The session is registered, seen by `fairway session status`, and ended with the provider's exit code;
# a launch that fails claims nothing.
# To look at it: zellij attach fairway-LANE
set -eu
lane=${1:?'usage: zellij.sh LANE [TASK_ID] [flags]'}
shift
task=
case ${1-} in '' | -*) ;; *) task=$1; shift ;; esac
provider=${FAIRWAY_PROVIDER:-codex}
command=${FAIRWAY_PROVIDER_COMMAND:-"$provider {prompt}"}
prompt=${FAIRWAY_INITIAL_PROMPT:-'Run fairway prime, and do what it prints.'}
exec fairway session launch --role "$lane" ${task:+--task-id "$task"} --backend zellij \
    --provider "$provider" --provider-command "$command" --prompt "$prompt" \
    ${FAIRWAY_TRANSCRIPT:+--transcript-path "$FAIRWAY_TRANSCRIPT"} "$@"
