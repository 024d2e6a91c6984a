using System.Diagnostics.CodeAnalysis;

namespace MemCluster.Operations;

/// <summary>
/// Something that the person at the keyboard can put right: its message is a whole sentence that names what, where and what to do. Shown as
/// it is, never with a stack trace.
/// </summary>
[SuppressMessage("Naming", "CA1710", Justification = "It names what it is to its reader: an error of the user, not a fault of the program.")]
public class UserError(string sentence, Exception? cause = null) : Exception(sentence, cause);
