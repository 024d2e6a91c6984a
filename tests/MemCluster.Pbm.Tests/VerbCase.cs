using System.Text.RegularExpressions;

namespace MemCluster.Pbm.Tests;

/// <summary>One verb asked once, and what it must say at every door.</summary>
/// <param name="Sweep">What becomes of the sweep it is asked of (<see cref="ScriptedTrainer"/>); empty: it is asked of none that is there.</param>
/// <param name="Text">
/// All lines, however they are spaced and wrapped. <c>{s}</c> is the sweep, <c>{resume}</c> how that verb is said of it at this door,
/// <c>&lt;n&gt;</c> a number, <c>&lt;time&gt;</c> a time, <c>&lt;*&gt;</c> anything.
/// </param>
/// <param name="Json">What the answer holds with <c>--json</c>; null where the verb has no JSON, or this case is not asked so.</param>
/// <param name="Error">The sentence of a refusal.</param>
/// <param name="Before">A control verb that is done to the sweep first.</param>
/// <param name="Meanwhile">One that is done to it again and again while the verb listens.</param>
internal sealed record VerbCase(
    string Verb, string Sweep, (string Name, string Value)[] Said, string Text, string? Json = null, string? Error = null, string? Before = null, string? Meanwhile = null)
{
    private static readonly string[] Commands = ["resume", "retry", "status"];

    public static void Matches(string template, string text, string sweep, Door door)
    {
        var pattern = Regex.Escape(template.Replace("{s}", sweep, StringComparison.Ordinal));
        foreach (var verb in Commands)
        {
            pattern = pattern.Replace(Regex.Escape($"{{{verb}}}"), door.Command(verb, sweep), StringComparison.Ordinal);
        }

        pattern = pattern.Replace("<n>", "[0-9,]+", StringComparison.Ordinal).Replace("<time>", "[-0-9:.]+ [0-9:.]+", StringComparison.Ordinal)
            .Replace("<\\*>", ".*", StringComparison.Ordinal).Replace("\\ ", " ", StringComparison.Ordinal).Replace("\\n", " ", StringComparison.Ordinal);
        pattern = Regex.Replace(pattern, " +", @"\s+");
        Assert.True(Regex.IsMatch(text, $@"^\s*{pattern}\s*$", RegexOptions.Singleline | RegexOptions.CultureInvariant), $"Expected: {template}\nSaid: {text}");
    }

    /// <summary>What the HTTP door and the palette are both held to.</summary>
    public static readonly IReadOnlyList<VerbCase> All =
    [
        new("submit", "", [("spec", "{s}.yaml")],
            """
            {s}: 4 trials to run; <n> trials that are running go on, slots that become free are shared.
            Submitted {s}: 4 trials, 4 left. Follow it with: {status}
            """, Json: "\"sweep\":\"{s}\""),
        new("submit", "", [("spec", "{s}.yaml"), ("set", "axes.dept=[1]")], "", Error: "<*>did you mean 'depth'<*>"),
        new("list", "ends", [], "SWEEP STATE DONE SUBMITTED (UTC) QUESTION <*>{s} finished 4/4 <time> Why?<*>", Json: "\"sweep\":\"{s}\""),
        new("status", "held", [("sweep", "{s}")],
            """
            SWEEP STATE DONE RUNNING DIVERGED FAILED RATE LEFT SUBMITTED (UTC)
            {s} running 0/4 4 0 0 <*> <time>
            depth 1 0/2 · 2 0/2
            Longest under way: trial <n> on lab, since <time> UTC
            trial 1 depth 1 · seed 0 on lab epoch 0/<n>
            <*>2 trainers<*>, <n> of <n> slots busy<*>
            """, Json: "\"sweep\":\"{s}\""),
        new("status", "", [("sweep", "none")], "", Error: "There is no sweep 'none' here<*>"),
        new("watch", "ends", [("sweep", "{s}")], "{s} is finished: 4 trials: 4 finished.", Json: "\"state\":\"finished\""),
        new("watch", "held", [("sweep", "{s}")], "<*>{s} is cancelled: 4 trials: 4 cancelled.", Meanwhile: "cancel"),
        new("heat", "ends", [("sweep", "{s}")], "{s} validation_accuracy_best, mean over seeds, from .500 to .500<*>1 .500 2 .500<*>",
            Json: "\"sweep\":\"{s}\""),
        new("trials", "mixed", [("sweep", "{s}"), ("where", "state=failed"), ("sort", "trial"), ("limit", "3")],
            "TRIAL DEPTH SEED STATE EPOCHS BEST LAST\n2 1 1 failed<*>", Json: "\"trial\":2"),
        new("trials", "mixed", [("sweep", "{s}"), ("sort", "-trial"), ("limit", "1")], "TRIAL DEPTH SEED STATE EPOCHS BEST LAST\n1 1 0 finished 1 .500 .250"),
        new("trials", "ends", [("sweep", "{s}"), ("where", "stat=failed")], "", Error: "'stat' is no column of {s}; did you mean 'state'?"),
        new("trial", "mixed", [("sweep", "{s}"), ("n", "2")],
            """
            {s} trial 2 depth 1 · seed 1
            <time> taken up by lab
            <time> failed on lab at epoch 1: IOException: no room, 2 s of training
            It is failed; cell <*>
            """, Json: "\"attempts\":[{\"trial\":2"),
        new("examples", "scored", [("sweep", "{s}"), ("top", "forgetting"), ("limit", "1")],
            "forgetting, largest of 2 training examples, mean over 4 trials\nEXAMPLE GIVEN TRUE CORRUPTED FORGETTING\n1 1 7 4/4 2", Json: "\"example\":1,"),
        new("examples", "ends", [("sweep", "{s}")], "", Error: "{s} measures no single examples<*>"),
        new("tail", "held", [("sweep", "{s}")], "{s} has priority <n><*>", Json: "\"priority\":", Meanwhile: "priority"),
        new("nodes", "", [], "NODE HOST BUSY CORES MEMORY DEVICE NUMERICS STATE<*>lab testbed <n>/<n> 8 16 GB cpu avx2 connected spare testbed 0/1 <*>",
            Json: "\"trainer\":\"lab\""),
        new("pause", "held", [("sweep", "{s}")],
            "{s}: 4 running trials go on to the end, 0 pending ones wait until: {resume}.\n{s} is paused: 4 trials: 4 running.", Json: "\"state\":\"paused\""),
        new("stop", "held", [("sweep", "{s}")],
            "{s}: 4 running trials go on to the end, then it stops; 0 pending ones wait until: {resume}.\n{s} is stopping: 4 trials: 4 running.",
            Json: "\"state\":\"stopping\""),
        new("resume", "held", [("sweep", "{s}")],
            "{s}: 0 pending trials are given out again; running ones are not touched.\n{s} is running: 4 trials: 4 running.", Json: "\"state\":\"running\"",
            Before: "pause"),
        new("cancel", "held", [("sweep", "{s}"), ("yes", "true")],
            "{s}: 4 running trials are stopped and lost, 0 pending ones will not run; 0 results stay (undo with: {retry}).\n"
            + "{s} is cancelled: 4 trials: 4 cancelled. 4 trials changed.", Json: "\"trials\":4"),
        new("cancel", "held", [("sweep", "{s}")],
            "{s}: 4 running trials are stopped and lost, 0 pending ones will not run; 0 results stay (undo with: {retry}).",
            Error: "Nothing was done: nobody is there to be asked; say --yes to do it."),
        new("retry", "mixed", [("sweep", "{s}"), ("failed", "true")],
            "{s}: 1 trial becomes pending again, each under its next attempt number; running ones are not touched.\n"
            + "{s} is <*>: 4 trials: 3 finished, 1 <*>. 1 trial changed.", Json: "\"trials\":1"),
        new("retry", "ends", [("sweep", "{s}")], "{s}: 0 trials become pending again, <*>.", Error: "<*>no failed<*>"),
        new("priority", "held", [("sweep", "{s}"), ("priority", "10")],
            "{s}: free slots go to the highest priority first (now 10), among equals in fair shares; running trials are not touched.\n"
            + "{s} is running, priority 10: 4 trials: 4 running.", Json: "\"priority\":10"),
        new("priority", "held", [("sweep", "{s}"), ("priority", "high")], "", Error: "Which priority? A number from -100 to 100, not 'high'<*>"),
        new("drain", "", [("node", "spare")],
            "spare: 0 running trials go on to the end there, and it gets no new ones until it is started again, or drained with --undo.\n"
            + "spare is drained, 0 of 1 slot busy.", Json: "\"trainer\":\"spare\""),
        new("drain", "", [("node", "spare"), ("undo", "true")], "spare: it gets new trials again.\nspare is connected, 0 of 1 slot busy.", Json: "\"connected\""),
        new("drain", "", [("node", "nobody")], "", Error: "No trainer named 'nobody' is connected; there is: lab, spare"),
        new("delete", "ends", [("sweep", "{s}"), ("yes", "true")],
            "{s}: the sweep, its 4 results and its results folder are removed for good, no trial of it is running.\n{s} is deleted.", Json: "\"refused\":\"\""),
        new("delete", "held", [("sweep", "{s}"), ("yes", "true")],
            "{s}: the sweep, its 0 results and its results folder are removed for good, but not while trials run, and 4 do.", Error: "4 of its trials are running<*>"),
        new("export", "ends", [("sweep", "{s}")], "trial,depth,seed,state,epochs,<*>\n1,1,0,finished,1,<*>\n2,1,1,finished,1,<*>\n3,2,0,<*>\n4,2,1,<*>", Json: "\"depth\": \"2\""),
    ];
}
