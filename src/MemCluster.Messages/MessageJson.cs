using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace MemCluster.Messages;

/// <summary>
/// How words are written, on the wire and in the journal: JSON, under a short name with a version. The names stand here once and are never
/// reused: a renamed type keeps its name on the wire, a changed meaning gets the next version.
/// </summary>
public static class MessageJson
{
    /// <summary>Every kind of word there is.</summary>
    public static readonly IReadOnlyDictionary<string, Type> Kinds = new Dictionary<string, Type>
    {
        ["sweep-submitted:1"] = typeof(SweepEvent.SweepSubmitted),
        ["spec-amended:1"] = typeof(SweepEvent.SpecAmended),
        ["fingerprint-settled:1"] = typeof(SweepEvent.FingerprintSettled),
        ["version-accepted:1"] = typeof(SweepEvent.VersionAccepted),
        ["trial-assigned:1"] = typeof(SweepEvent.TrialAssigned),
        ["trial-lost:1"] = typeof(SweepEvent.TrialLost),
        ["trial-finished:1"] = typeof(SweepEvent.TrialFinished),
        ["trial-failed:1"] = typeof(SweepEvent.TrialFailed),
        ["sweep-held:1"] = typeof(SweepEvent.SweepHeld),
        ["sweep-resumed:1"] = typeof(SweepEvent.SweepResumed),
        ["sweep-cancelled:1"] = typeof(SweepEvent.SweepCancelled),
        ["trials-retried:1"] = typeof(SweepEvent.TrialsRetried),
        ["seeds-asked:1"] = typeof(SweepEvent.SeedsAsked),
        ["priority-set:1"] = typeof(SweepEvent.PrioritySet),
        ["sweep-deleted:1"] = typeof(SweepEvent.SweepDeleted),
        ["trial-measured:1"] = typeof(TrialMeasured),
        ["trial-found:1"] = typeof(TrialFound),
        ["sweep-registered:1"] = typeof(CoordinatorEvent.SweepRegistered),
        ["sweep-ended:1"] = typeof(CoordinatorEvent.SweepEnded),
        ["sweep-forgotten:1"] = typeof(CoordinatorEvent.SweepForgotten),
        ["trainer-drained:1"] = typeof(CoordinatorEvent.TrainerDrained),
        ["term-began:1"] = typeof(CoordinatorEvent.TermBegan),
        ["term-held:1"] = typeof(CoordinatorEvent.TermHeld),
        ["sweep-snapshot:1"] = typeof(SweepSnapshot),
        ["metrics-snapshot:1"] = typeof(MetricsSnapshot),
        ["coordinator-snapshot:1"] = typeof(CoordinatorSnapshot),

        ["register-trainer:1"] = typeof(TrainerWord.RegisterTrainer),
        ["want-trials:1"] = typeof(TrainerWord.WantTrials),
        ["heartbeat:1"] = typeof(TrainerWord.Heartbeat),
        ["report-measures:1"] = typeof(TrainerWord.ReportMeasures),
        ["report-findings:1"] = typeof(TrainerWord.ReportFindings),
        ["report-end:1"] = typeof(TrainerWord.ReportEnd),
        ["report-unable:1"] = typeof(TrainerWord.ReportUnable),
        ["trainer-leaves:1"] = typeof(TrainerWord.TrainerLeaves),
        ["trainer-registered:1"] = typeof(CoordinatorWord.TrainerRegistered),
        ["register-again:1"] = typeof(CoordinatorWord.RegisterAgain),
        ["trainer-refused:1"] = typeof(CoordinatorWord.TrainerRefused),
        ["show-fingerprint:1"] = typeof(CoordinatorWord.ShowFingerprint),
        ["assign-trials:1"] = typeof(CoordinatorWord.AssignTrials),
        ["measures-written:1"] = typeof(CoordinatorWord.MeasuresWritten),
        ["findings-written:1"] = typeof(CoordinatorWord.FindingsWritten),
        ["end-written:1"] = typeof(CoordinatorWord.EndWritten),
        ["trial-revoked:1"] = typeof(CoordinatorWord.TrialRevoked),
        ["leave-noted:1"] = typeof(CoordinatorWord.LeaveNoted),
        ["ask-whereabouts:1"] = typeof(AskWhereabouts),
        ["whereabouts:1"] = typeof(Whereabouts),
        ["coordinator-busy:1"] = typeof(CoordinatorBusy),
        ["word-too-large:1"] = typeof(NodeWord.WordTooLarge),
    };

    /// <summary>Also the API's: one way to write a thing.</summary>
    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { LaterSettingAttribute.LeaveOutDefaults } },
        Converters =
        {
            new SweepIdJson(), new CellIdJson(), new JsonStringEnumConverter<TrialState>(JsonNamingPolicy.KebabCaseLower), new JsonStringEnumConverter<Absence>(JsonNamingPolicy.KebabCaseLower),
            new JsonStringEnumConverter<FaultKind>(JsonNamingPolicy.KebabCaseLower),
        },
    };

    private static readonly Dictionary<Type, string> Names = Kinds.ToDictionary(kind => kind.Value, kind => kind.Key);

    public static string KindOf(object word) => Names.TryGetValue(word.GetType(), out var kind)
        ? kind
        : throw new NotSupportedException($"{word.GetType().Name} has no name on the wire; give it one in MessageJson.Kinds.");

    public static byte[] Write(object word) => JsonSerializer.SerializeToUtf8Bytes(word, word.GetType(), Options);

    /// <exception cref="NotSupportedException">No word has this name: it was written by a newer version.</exception>
    public static object Read(ReadOnlySpan<byte> json, string kind) => Kinds.TryGetValue(kind, out var type)
        ? JsonSerializer.Deserialize(json, type, Options) ?? throw new JsonException($"A '{kind}' is null.")
        : throw new NotSupportedException($"'{kind}' is no word that this version knows; was it written by a newer one?");

    private sealed class SweepIdJson : JsonConverter<SweepId>
    {
        public override SweepId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(reader.GetString()!);

        public override void Write(Utf8JsonWriter writer, SweepId value, JsonSerializerOptions options) => writer.WriteStringValue(value.Name);
    }

    private sealed class CellIdJson : JsonConverter<CellId>
    {
        public override CellId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => CellId.Parse(reader.GetString()!);

        public override void Write(Utf8JsonWriter writer, CellId value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
    }
}
