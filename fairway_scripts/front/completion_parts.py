"""The constant parts of the completions, in the language of each shell; `@name@` is filled by `completion`."""

from __future__ import annotations

#: The table for bash and zsh.
TABLE = r"""_fairway_seconds() {
    case $1 in
@seconds@
    *) seconds='' ;;
    esac
}

_fairway_tool() {
    case $1 in
@tools@
    *) tool='' ;;
    esac
}

_fairway_row() {
    case $1 in
@rows@
    *) flags='' bare='' ;;
    esac
}

_fairway_kind() {
    case "$1 $2" in
@kinds@
    *) kind='' ;;
    esac
}

"""

BASH = r"""# bash completion for fairway and its tools, @version@; written by `fairway completion bash`.
#
#     fairway completion bash > ~/.local/share/bash-completion/completions/fairway    # or: source it from ~/.bashrc

@table@# The words of a kind of value. $program is the fairway that belongs to what was typed.
_fairway_words() {
    case $1 in
    tasks) words=$("$program" list --format ids 2>/dev/null) ;;
    ready) words=$("$program" ready --format ids 2>/dev/null) ;;
    lanes) words=$("$program" agent-role-config --format ids 2>/dev/null) ;;
    text) words='' ;;
    *) words=$1 ;;
    esac
}

_fairway() {
    local IFS=$' \t\n' line word flag='' kind='' flags='' bare='' seconds='' tool='' words='' program=fairway
    local cur=${COMP_WORDS[COMP_CWORD]} place=1 typed=()
    COMPREPLY=()
    case ${COMP_WORDS[0]} in */*) program=${COMP_WORDS[0]%/*}/fairway ;; esac
    # bash takes `--role=x` apart at the sign: put it together as `--role` and `x`
    for ((place = 1; place < COMP_CWORD; place++)); do
        [ "${COMP_WORDS[place]}" = = ] || typed+=("${COMP_WORDS[place]}")
    done
    [ "$cur" = = ] && cur=''
    place=0
    tool=${COMP_WORDS[0]##*/}
    while :; do
        case ${typed[place]-} in
        --as|--db|--queue-db|--queue-file|--config|--actor|--format) place=$((place + 2)) ;;
        --*) place=$((place + 1)) ;;
        *) break ;;
        esac
    done
    # behind a flag with a value there is no verb yet
    if [ "$tool" = fairway ] && [ "$place" -le "${#typed[@]}" ]; then
        word=${typed[place]-}
        if [ -z "$word" ]; then
            COMPREPLY=($(compgen -W '@verbs@ --as --json --version' -- "$cur"))
            return
        fi
        if [ "$word" = help ]; then
            COMPREPLY=($(compgen -W '@verbs@ @families@ --all' -- "$cur"))
            return
        fi
        _fairway_seconds "$word"
        if [ -n "$seconds" ] && [ -z "${typed[place + 1]-}" ]; then
            COMPREPLY=($(compgen -W "$seconds" -- "$cur"))
            return
        fi
        _fairway_tool "$word ${typed[place + 1]-}"
        [ -n "$tool" ] || _fairway_tool "$word"
    fi
    _fairway_row "$tool"
    flag=${typed[${#typed[@]} - 1]-}
    case $flag in
    --*) _fairway_kind "$tool" "$flag" ;;
    esac
    if [ -z "$kind" ]; then
        case $cur in
        -*) COMPREPLY=($(compgen -W "$flags" -- "$cur")); return ;;
        esac
        kind=${bare:-files}
    fi
    if [ "$kind" = files ]; then
        COMPREPLY=($(compgen -f -- "$cur"))
        compopt -o filenames 2>/dev/null
        return
    fi
    _fairway_words "$kind"
    COMPREPLY=($(compgen -W "$words" -- "$cur"))
}

complete -F _fairway @names@
"""

ZSH = r"""#compdef @names@
# zsh completion for fairway and its tools, @version@; written by `fairway completion zsh`.
#
#     fairway completion zsh > ~/.zfunc/_fairway    # in a folder of $fpath, or source it after compinit

@table@_fairway_words() {
    case $1 in
    tasks) candidates=$("$program" list --format ids 2>/dev/null) ;;
    ready) candidates=$("$program" ready --format ids 2>/dev/null) ;;
    lanes) candidates=$("$program" agent-role-config --format ids 2>/dev/null) ;;
    text) candidates='' ;;
    *) candidates=$1 ;;
    esac
}

_fairway() {
    local flag='' kind='' flags='' bare='' seconds='' tool='' candidates='' program=fairway place=2
    local cur=${words[CURRENT]}
    local -a verbs
    [[ ${words[1]} == */* ]] && program=${words[1]:h}/fairway
    tool=${words[1]:t}
    while ((place < CURRENT)); do
        case ${words[place]} in
        --as|--db|--queue-db|--queue-file|--config|--actor|--format) ((place += 2)) ;;
        --*) ((place += 1)) ;;
        *) break ;;
        esac
    done
    # behind a flag with a value there is no verb yet
    if [[ $tool == fairway ]] && ((place <= CURRENT)); then
        if ((place == CURRENT)); then
            verbs=(
@described@
            )
            _describe verb verbs
            compadd -- help version --as --json --version
            return
        fi
        if [[ ${words[place]} == help ]]; then
            compadd -- ${=:-@verbs@ @families@} --all
            return
        fi
        _fairway_seconds "${words[place]}"
        if [[ -n $seconds ]] && ((place + 1 == CURRENT)); then
            compadd -- ${=seconds}
            return
        fi
        _fairway_tool "${words[place]} ${words[place + 1]}"
        [[ -n $tool ]] || _fairway_tool "${words[place]}"
    fi
    _fairway_row "$tool"
    if [[ $cur == --*=* ]]; then
        flag=${cur%%=*}
        compset -P '*='
    else
        flag=${words[CURRENT - 1]}
    fi
    [[ $flag == --* ]] && _fairway_kind "$tool" "$flag"
    if [[ -z $kind ]]; then
        if [[ $cur == -* ]]; then
            compadd -- ${=flags}
            return
        fi
        kind=${bare:-files}
    fi
    if [[ $kind == files ]]; then
        _files
        return
    fi
    _fairway_words "$kind"
    compadd -- ${=candidates}
}

if [[ ${funcstack[1]} == _fairway ]]; then
    _fairway "$@"
else
    compdef _fairway @names@
fi
"""

FISH = r"""# fish completion for fairway and its tools, @version@; written by `fairway completion fish`.
#
#     fairway completion fish > ~/.config/fish/completions/fairway.fish

function __fairway_verbs
@described@
    printf '%s\n' help version
end

function __fairway_complete
    set -l typed (commandline -opc)
    set -l cur (commandline -ct)
    set -l program fairway
    set -l flags ''; set -l bare ''; set -l kind ''; set -l seconds ''
    string match -q '*/*' -- $typed[1]; and set program (string replace -r '[^/]*$' fairway -- $typed[1])
    set -l tool (string replace -r '.*/' '' -- $typed[1])
    set -l place 2
    set -l end (math (count $typed) + 1)
    while test $place -lt $end
        switch $typed[$place]
            case --as --db --queue-db --queue-file --config --actor --format
                set place (math $place + 2)
            case '--*'
                set place (math $place + 1)
            case '*'
                break
        end
    end
    # behind a flag with a value there is no verb yet
    if test $tool = fairway; and test $place -le $end
        if test $place -eq $end
            __fairway_verbs
            printf '%s\n' --as --json --version
            return
        end
        if test $typed[$place] = help
            __fairway_verbs
            printf '%s\n' @families@ --all
            return
        end
        switch $typed[$place]
@seconds@
        end
        set -l next (math $place + 1)
        if test -n "$seconds"; and test $next -gt (count $typed)
            string split ' ' -- $seconds
            return
        end
        set tool (__fairway_tool "$typed[$place] $typed[$next]")
        test -n "$tool"; or set tool (__fairway_tool $typed[$place])
    end
    switch $tool
@rows@
    end
    set -l flag $typed[-1]
    set -l before ''
    if string match -q -- '--*=*' $cur
        set flag (string replace -r '=.*' '' -- $cur)
        set before $flag=
    end
    switch "$tool $flag"
@kinds@
    end
    if test -z "$kind"
        if string match -q -- '-*' $cur
            string split ' ' -- $flags
            return
        end
        set kind $bare
        test -n "$kind"; or set kind files
    end
    switch $kind
        case tasks
            $program list --format ids 2>/dev/null | string replace -r '^' -- $before
        case ready
            $program ready --format ids 2>/dev/null | string replace -r '^' -- $before
        case lanes
            $program agent-role-config --format ids 2>/dev/null | string replace -r '^' -- $before
        case files
            __fish_complete_path (string replace -- $before '' $cur)
        case text
        case '*'
            string split ' ' -- $kind | string replace -r '^' -- $before
    end
end

function __fairway_tool
    set -l tool ''
    switch $argv[1]
@tools@
    end
    echo $tool
end

for name in @names@
    complete -c $name -f -a '(__fairway_complete)'
end
"""
