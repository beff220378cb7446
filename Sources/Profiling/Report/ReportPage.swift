/// What all pages have around their content: no script, nothing from elsewhere, light and dark.
struct ReportPage {
    let title: String
    let heading: HTML
    let command: String
    let date: String
    let content: HTML

    var text: String {
        let page: HTML = """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8"/>
            <meta name="viewport" content="width=device-width, initial-scale=1"/>
            <meta name="color-scheme" content="light dark"/>
            <meta http-equiv="Content-Security-Policy" \
            content="default-src 'none'; style-src 'unsafe-inline'; img-src data:"/>
            <link rel="icon" href="data:,"/>
            <title>pixloom: \(title)</title>
            <style>\(reportStyle)</style>
            </head>
            <body>
            <header>
            <p class="brand">pixloom\(date.isEmpty ? "" : " · \(date)")</p>
            <h1>\(heading)</h1>
            <pre class="command">\(command)</pre>
            </header>
            <main>
            \(content)
            </main>
            </body>
            </html>

            """
        return page.text
    }
}

/// Names and what is so called; nothing if there are none.
func factList(_ facts: [ReportData.Fact]) -> HTML {
    facts.isEmpty
        ? ""
        : """
        <dl class="facts">
        \(facts.map { "<dt>\($0.name)</dt><dd>\($0.value)</dd>" as HTML })
        </dl>
        """
}
