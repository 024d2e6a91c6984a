namespace MemCluster.Reporting.Report;

/// <summary>How a report's page looks: on a phone, on a screen, on paper, in the dark.</summary>
internal static class ReportCss
{
    public const string Text = """
        :root{color-scheme:light dark;--text:#1c1c1e;--faint:#5c5c63;--line:#dcdce0;--page:#fff;--soft:#f4f4f6;--good:#00663f;--bad:#a92c00;--open:#5f4b00}
        @media screen and (prefers-color-scheme:dark){:root{--text:#ececf0;--faint:#a9a9b2;--line:#3c3c42;--page:#17171a;--soft:#222226;--good:#5fdca9;--bad:#ff9a7a;--open:#e8c84a}}
        *{box-sizing:border-box}
        body{margin:0;background:var(--page);color:var(--text);font:16px/1.5 system-ui,-apple-system,"Segoe UI","DejaVu Sans",sans-serif;overflow-wrap:break-word}
        main{max-width:1080px;margin:0 auto;padding:1.2rem 1rem 3rem}
        h1{font-size:1.7rem;line-height:1.2;margin:.2em 0}h2{font-size:1.2rem;margin:2.2em 0 .5em;border-bottom:1px solid var(--line);padding-bottom:.2em}h3{font-size:1rem;margin:1.4em 0 .3em}
        .question{font-size:1.1rem;margin:.2em 0}.answer{font-size:1.1rem;font-weight:600;margin:.6em 0 .2em}.progress,.intervals,.caption,.faint{color:var(--faint);font-size:.88rem;margin:.2em 0}
        .unfinished{border-left:4px solid var(--open);padding:.3em .8em;background:var(--soft);color:var(--text)}
        .figures{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(440px,100%),1fr));gap:1.2rem}figure{margin:0;min-width:0;grid-column:1/-1}figure.one{grid-column:auto;break-inside:avoid}figcaption{font-weight:600;break-after:avoid}
        .panels{display:flex;flex-wrap:wrap;gap:.6rem 1.2rem;align-items:flex-start;overflow-x:auto}.panels svg{max-width:min(100%,472px);height:auto;flex:0 1 auto;break-inside:avoid}.maps svg{max-width:100%}
        table{border-collapse:collapse;width:100%;font-size:.9rem}th,td{text-align:left;vertical-align:top;padding:.45em .6em;border-bottom:1px solid var(--line)}
        th{color:var(--faint);font-weight:600}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}td.n{white-space:nowrap}
        .scroll{overflow-x:auto}.part{margin:0 0 .25em}.part b{font-weight:600}
        .verdicts{table-layout:fixed}.verdicts th:nth-child(1){width:20%}.verdicts th:nth-child(2){width:19%}.verdicts th:nth-child(3){width:14%}.verdicts th:nth-child(4){width:24%}.verdicts th:nth-child(5){width:12%}.verdict{font-weight:700;font-size:.85rem;white-space:nowrap}.holds{color:var(--good)}.fails{color:var(--bad)}.undecided{color:var(--open)}
        pre{background:var(--soft);padding:.8em;border-radius:4px;overflow-x:auto;font-size:.8rem;line-height:1.45;white-space:pre-wrap;overflow-wrap:anywhere}
        code{font-size:.9em;overflow-wrap:anywhere}dl{display:grid;grid-template-columns:max-content 1fr;gap:.2em 1em;margin:.4em 0;font-size:.9rem}dt{color:var(--faint)}dd{margin:0;overflow-wrap:anywhere}
        details{font-size:.85rem;margin:.3em 0}summary{color:var(--faint);cursor:pointer}
        @media print,(max-width:720px){
        .verdicts thead{display:none}.verdicts tr{display:flex;flex-direction:column;border-bottom:2px solid var(--line);padding:.5em 0}.verdicts td{display:block;border:0;padding:.15em 0}
        .verdicts td[data-label]::before{content:attr(data-label) ": ";color:var(--faint)}.verdicts td{order:2}.verdicts td.says{order:0}.verdicts td.end{order:1}dl{grid-template-columns:1fr}dd{margin-bottom:.4em}}
        @media print{@page{margin:14mm}body{font-size:10pt}main{max-width:none;padding:0}h2{break-after:avoid}details{display:none}tr{break-inside:avoid}pre{font-size:7.5pt}.figures{display:block}figure{margin-bottom:1rem}.caption{break-after:avoid}.panels,.scroll{overflow:visible}.scroll td:last-child{overflow-wrap:anywhere}.panels svg{min-width:0!important;max-width:calc(50% - .7rem)}.panels svg:only-child{max-width:466px}.maps svg:only-child,.maps svg{max-width:100%}}
        """;
}
