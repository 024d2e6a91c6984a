using System.Text;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace MemCluster.Sweeps;

/// <summary>
/// YAML text to nodes, from the parser's events. The document types of YamlDotNet throw at the first repeated key and overflow the stack on
/// deep nesting; the events do neither. Only a break of YAML's own grammar ends the reading early.
/// </summary>
internal static class YamlTree
{
    /// <summary>UTF-8 bytes. A sweep of ten million trials fits in a thousandth of it.</summary>
    public const int LargestFile = 1024 * 1024;

    /// <summary>Levels of nesting; a sweep file has four.</summary>
    public const int DeepestNesting = 32;

    /// <returns>Null when there is no tree to go on with; the problem is then in the list.</returns>
    public static SpecNode? Read(string text, int source, ProblemList problems)
    {
        var start = new SpecPlace(source, 1, 1);
        var bytes = Encoding.UTF8.GetByteCount(text);
        if (bytes > LargestFile)
        {
            problems.Add(start, $"the file is {Phrases.Count(bytes)} bytes long; a sweep file has at most {Phrases.Count(LargestFile)}. Is it the right file?");
            return null;
        }

        var builder = new Builder(text.TrimStart('\uFEFF'), source, problems);
        try
        {
            return builder.Document();
        }
        catch (YamlException broken)
        {
            problems.Add(YamlMistake.PlaceOf(broken, text, source), YamlMistake.SentenceOf(broken));
            return null;
        }
        catch (RefusedException refused)
        {
            problems.Add(refused.Place, refused.Message);
            return null;
        }
    }

    private sealed class RefusedException(SpecPlace place, string sentence) : Exception(sentence)
    {
        public SpecPlace Place => place;
    }

    private sealed class Builder(string text, int source, ProblemList problems)
    {
        private readonly Parser _parser = new(new StringReader(text));

        private SpecPlace _lastOpened = new(source, 1, 1);

        public SpecNode? Document()
        {
            Next();
            if (Next() is not DocumentStart)
            {
                problems.Add(_lastOpened, "there is nothing in it; a sweep file begins with a line such as 'sweep: noise-by-capacity'");
                return null;
            }

            var tree = Node(Next(), 1);
            Next();
            if (Next() is DocumentStart second)
            {
                problems.Add(PlaceOf(second), "a second document begins here; put each sweep into a file of its own");
            }

            return tree;
        }

        private ParsingEvent Next()
        {
            try
            {
                return _parser.MoveNext()
                    ? _parser.Current!
                    : throw new RefusedException(_lastOpened, "the file ends in the middle of something; complete it");
            }
            catch (InvalidOperationException)
            {
                // What the parser throws where a list in brackets is never closed and a key follows.
                throw new RefusedException(_lastOpened, "the bracket that opens here is never closed; close it");
            }
            catch (ArgumentException)
            {
                // What the parser throws where what follows exclamation marks is no name.
                throw new RefusedException(_lastOpened, "a word behind here begins with '!', which YAML takes for a tag, and it is none; put the text in quotes");
            }
        }

        private SpecNode Node(ParsingEvent begin, int depth)
        {
            var place = PlaceOf(begin);
            if (depth > DeepestNesting)
            {
                throw new RefusedException(place, $"lists and mappings are nested more than {DeepestNesting} deep here; a sweep file needs four levels");
            }

            switch (begin)
            {
                case Scalar scalar:
                    RefuseMarks(scalar, place);
                    return ScalarOf(scalar, place);
                case SequenceStart sequence:
                    RefuseMarks(sequence, place);
                    _lastOpened = place;
                    var items = new List<SpecNode>();
                    for (var next = Next(); next is not SequenceEnd; next = Next())
                    {
                        items.Add(Node(next, depth + 1));
                    }

                    return new SpecSequence(place, items);
                case MappingStart mapping:
                    RefuseMarks(mapping, place);
                    _lastOpened = place;
                    return new SpecMapping(place, Entries(depth));
                default:
                    problems.Add(place, "anchors and aliases (&name, *name) are not understood here; write the value out");
                    return new SpecScalar(place, "", Plain: true, TextColumn: 0);
            }
        }

        private List<SpecEntry> Entries(int depth)
        {
            var entries = new List<SpecEntry>();
            var first = new Dictionary<string, SpecPlace>();
            for (var next = Next(); next is not MappingEnd; next = Next())
            {
                var key = Node(next, depth + 1);
                var value = Node(Next(), depth + 1);
                if (key is not SpecScalar name)
                {
                    problems.Add(key.Place, "a list or a mapping stands where a key is expected; a key is a word such as 'noise'");
                }
                else if (!first.TryAdd(name.Text, name.Place))
                {
                    problems.Add(name.Place, $"'{name.Text}' stands twice in this mapping (first in line {first[name.Text].Line}); keep one of them");
                }
                else
                {
                    entries.Add(new(name, value));
                }
            }

            return entries;
        }

        private void RefuseMarks(NodeEvent node, SpecPlace place)
        {
            if (!node.Anchor.IsEmpty)
            {
                problems.Add(place, "anchors and aliases (&name, *name) are not understood here; write the value out");
            }

            if (!node.Tag.IsEmpty && !node.Tag.IsNonSpecific)
            {
                problems.Add(place, $"the tag '{node.Tag}' is not understood here; leave it out");
            }
        }

        private static SpecScalar ScalarOf(Scalar scalar, SpecPlace place)
        {
            var width = scalar.Start.Line == scalar.End.Line ? scalar.End.Column - scalar.Start.Column : -1;
            var plain = scalar.Style == ScalarStyle.Plain;
            var quotes = plain ? 0 : 1;
            return new(place, scalar.Value, plain, width == scalar.Value.Length + 2 * quotes ? place.Column + quotes : 0);
        }

        private SpecPlace PlaceOf(ParsingEvent at) => new(source, (int)at.Start.Line, (int)at.Start.Column);
    }
}
