# The million rows of estimation.py in R's survey: prints one line of JSON.
suppressPackageStartupMessages(library(survey))
folder <- commandArgs(TRUE)[1]
column <- function(name) readBin(file.path(folder, name), "double", n = 1e6, size = 8, endian = "little")
d <- data.frame(stratum = column("stratum"), cluster = column("cluster"), domain = column("domain"),
                y = column("y"), weight = column("weight"))
memory <- function(field) {
  status <- readLines("/proc/self/status")
  as.numeric(gsub("[^0-9]", "", status[startsWith(status, field)])) / 1024
}
invisible(gc())
before <- memory("VmRSS")
writeLines("5", "/proc/self/clear_refs")
started <- proc.time()
design <- svydesign(id = ~cluster, strata = ~stratum, weights = ~weight, data = d)
found <- svyby(~y, ~domain, design, svymean)
taken <- proc.time() - started
numbers <- function(x) paste0("[", paste(sprintf("%.17g", x), collapse = ", "), "]")
cat(sprintf('{"cpu": %.3f, "added": %.1f, "version": "R %s, survey %s", "values": [%s, %s]}\n',
            taken[["user.self"]] + taken[["sys.self"]], memory("VmHWM") - before,
            paste(R.version$major, R.version$minor, sep = "."), packageVersion("survey"),
            numbers(found$y), numbers(SE(found))))
