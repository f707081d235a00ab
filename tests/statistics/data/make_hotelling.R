# The joint test on three_regions.csv: clubSandwich 0.5.8. Prints F, denominator degrees of freedom and p.
library(clubSandwich)
d <- read.csv("three_regions.csv")
d$cell <- interaction(d$wave, d$region)          # 0.P 1.P 0.Q 1.Q 0.R 1.R
m <- lm(y ~ 0 + cell, d)
L <- rbind(c(1, -1, -1, 1, 0, 0), c(1, -1, 0, 0, -1, 1))
print(data.frame(Wald_test(m, L, vcov = vcovCR(m, d$clinic, "CR2"), test = "HTZ")), digits = 12)
