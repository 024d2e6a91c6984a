using System.Globalization;
using MemCluster.Messages;

namespace MemCluster.Operations;

/// <summary>What somebody asks about.</summary>
/// <param name="Name">Of a sweep or a trainer; empty where the question is about none.</param>
/// <param name="Trial">Counted from 1; null: all of them.</param>
/// <param name="Query">Which rows; null: all of them.</param>
public sealed record Asked(string Name = "", int? Trial = null, TrialQuery? Query = null)
{
    public SweepId Sweep => new(Name);
}

/// <summary>What of <see cref="Asked"/> a question takes; a query, and a trial that may be left out, follow the question mark. Nothing: it always has an answer.</summary>
public enum Takes { Nothing, Name, NameAndTrial, NameAndPerhapsTrial, NameAndQuery }

/// <summary>A row of <see cref="Questions"/>: where a question is put over HTTP, in which form it is answered, and who of <see cref="IOperator"/> answers it.</summary>
/// <param name="Path">As a route: <c>/sweeps/{name}</c>.</param>
/// <param name="Summary">Its line in the API's document.</param>
public abstract record Question(HttpMethod Method, string Path, Takes Takes, string Summary)
{
    public const string Root = "/api/v1";

    /// <summary>Hands the question, with the types of what it takes and gives, to a door.</summary>
    public abstract T Through<T>(IQuestionDoor<T> door);

    /// <summary>Path and query under which it is asked.</summary>
    public string PathOf(Asked asked)
    {
        var rows = Takes == Takes.NameAndQuery ? asked.Query : null;
        string[] query =
        [
            .. Takes == Takes.NameAndPerhapsTrial && asked.Trial is { } trial ? ["trial=" + Text(trial)] : (string[])[],
            .. rows?.Where.Select(condition => "where=" + Uri.EscapeDataString(condition)) ?? [],
            .. rows?.Sort is { } sort ? ["sort=" + Uri.EscapeDataString(sort)] : (string[])[],
            .. rows?.Limit is { } limit ? ["limit=" + Text(limit)] : (string[])[],
        ];
        var path = Path.Replace("{name}", Uri.EscapeDataString(asked.Name), StringComparison.Ordinal).Replace("{trial:int}", Text(asked.Trial ?? 0), StringComparison.Ordinal);
        return Root + path + (query.Length == 0 ? "" : "?" + string.Join('&', query));
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>Answered with one JSON object or array, or, if it is a string, with plain text; null where nothing has that name or number.</summary>
    public sealed record One<T>(string Path, Takes Takes, string Summary, Func<IOperator, Asked, CancellationToken, Task<T>> Answer)
        : Question(HttpMethod.Get, Path, Takes, Summary)
    {
        public bool IsText => typeof(T) == typeof(string);

        public override TOut Through<TOut>(IQuestionDoor<TOut> door) => door.One(this);
    }

    /// <summary>Answered with one JSON object a line; with none where nothing has that name.</summary>
    /// <param name="Answer">The rows begin to come when it is done; a query that can't be read throws before that.</param>
    public sealed record Rows<T>(string Path, Takes Takes, string Summary, Func<IOperator, Asked, CancellationToken, Task<IAsyncEnumerable<T>>> Answer)
        : Question(HttpMethod.Get, Path, Takes, Summary)
    {
        public override TOut Through<TOut>(IQuestionDoor<TOut> door) => door.Rows(this);
    }

    /// <summary>Answered with server-sent events until the listener goes.</summary>
    public sealed record Happenings(string Path, string Summary, Func<IOperator, Asked, CancellationToken, IAsyncEnumerable<IMessage>> Answer)
        : Question(HttpMethod.Get, Path, Takes.Name, Summary)
    {
        public override TOut Through<TOut>(IQuestionDoor<TOut> door) => door.Happenings(this);
    }

    /// <summary>Changes something, by a JSON body; answered with one JSON object.</summary>
    public sealed record Deed<TBody, T>(string Path, Takes Takes, string Summary, Func<IOperator, Asked, TBody, CancellationToken, Task<T>> Answer)
        : Question(HttpMethod.Post, Path, Takes, Summary)
    {
        /// <summary>What is read, where <typeparamref name="TBody"/> has several kinds.</summary>
        public Type Body { get; init; } = typeof(TBody);

        /// <summary>What a body lacks, in a sentence; null: nothing.</summary>
        public Func<TBody, string?> Lacks { get; init; } = _ => null;

        /// <summary>A sentence for a name, {0}, that nothing has.</summary>
        public string Missing { get; init; } = "";

        /// <summary>Null: it is never refused as things are.</summary>
        public Refusal<T>? Refusal { get; init; }

        public override TOut Through<TOut>(IQuestionDoor<TOut> door) => door.Deed(this);
    }
}

/// <summary>An answer that says why nothing was done.</summary>
/// <param name="Of">The sentence in an answer; empty: it was done.</param>
/// <param name="Saying">The answer that a sentence stands for.</param>
public sealed record Refusal<T>(Func<T, string> Of, Func<string, T> Saying);

/// <summary>Whoever goes through the table: a method for each form of answer.</summary>
public interface IQuestionDoor<out T>
{
    T One<TAnswer>(Question.One<TAnswer> question);

    T Rows<TRow>(Question.Rows<TRow> question);

    T Happenings(Question.Happenings question);

    T Deed<TBody, TAnswer>(Question.Deed<TBody, TAnswer> question);
}
