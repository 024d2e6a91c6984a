using System.Buffers.Binary;
using System.Text;

namespace MemCluster.EndToEnd.Tests;

/// <summary>A protobuf message read without its schema: what stands under which number.</summary>
internal sealed class Wire
{
    private readonly List<(int Number, ulong Value, byte[]? Bytes)> _fields = [];

    public Wire(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var key = Varint(ref bytes);
            var number = (int)(key >> 3);
            switch (key & 7)
            {
                case 0:
                    _fields.Add((number, Varint(ref bytes), null));
                    break;
                case 1:
                    _fields.Add((number, BinaryPrimitives.ReadUInt64LittleEndian(bytes), null));
                    bytes = bytes[8..];
                    break;
                case 2:
                    var length = (int)Varint(ref bytes);
                    _fields.Add((number, 0, bytes[..length].ToArray()));
                    bytes = bytes[length..];
                    break;
                case 5:
                    _fields.Add((number, BinaryPrimitives.ReadUInt32LittleEndian(bytes), null));
                    bytes = bytes[4..];
                    break;
                default:
                    throw new InvalidDataException($"Wire type {key & 7} is none of protobuf's.");
            }
        }
    }

    /// <summary>Messages along a path of field numbers, all of them.</summary>
    public IEnumerable<Wire> All(params int[] path) => path.Length == 0
        ? [this]
        : _fields.Where(field => field.Number == path[0] && field.Bytes is not null).SelectMany(field => new Wire(field.Bytes).All(path[1..]));

    public bool Has(int number) => _fields.Exists(field => field.Number == number);

    public ulong Number(int number) => _fields.First(field => field.Number == number).Value;

    public double Double(int number) => BitConverter.UInt64BitsToDouble(Number(number));

    public byte[] Bytes(int number) => _fields.FirstOrDefault(field => field.Number == number).Bytes ?? [];

    public string Text(int number) => Encoding.UTF8.GetString(Bytes(number));

    private static ulong Varint(ref ReadOnlySpan<byte> bytes)
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var part = bytes[0];
            bytes = bytes[1..];
            value |= (ulong)(part & 0x7f) << shift;
            if (part < 0x80)
            {
                return value;
            }
        }
    }
}
