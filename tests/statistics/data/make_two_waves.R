# Two waves of the invented survey in two_waves.csv: clinics that serve both waves, unequal weights, a score with
# gaps; as drawn and raked to education and language in each wave (calibrate with calfun = "raking", which keeps
# the weights before raking in the regression behind the standard errors). Writes two_waves.json.
suppressMessages({library(survey); library(jsonlite)})
options(survey.lonely.psu = "adjust", digits = 15)
d <- read.csv("two_waves.csv")
d$we <- factor(paste(d$wave, d$edu))
d$l0 <- as.numeric(d$wave == 0 & d$lang == 1)
d$l1 <- as.numeric(d$wave == 1 & d$lang == 1)
drawn <- svydesign(id = ~psu, strata = ~stratum, weights = ~w, data = d)
totals <- c(2000, 500, 200, 300, 500, 200, 300, 300)
names(totals) <- colnames(model.matrix(~we + l0 + l1, d))
raked <- calibrate(drawn, ~we + l0 + l1, population = totals, calfun = "raking", epsilon = 1e-13, maxit = 500)
numbers <- function(q) {
  share <- svyby(~y, ~wave, q, svymean)
  change <- svyglm(y ~ wave, q)
  score <- svymean(~z, q, na.rm = TRUE)
  model <- svyglm(y ~ wave + edu, q, family = quasibinomial(), control = glm.control(epsilon = 1e-14, maxit = 100))
  domains <- svyby(~y, ~wave + stratum, q, svymean)
  quantiles <- svyquantile(~z, q, c(.25, .5, .9), na.rm = TRUE)
  ratio <- svyratio(~y, ~edu, q)
  list(share = as.numeric(coef(share)), share_se = as.numeric(SE(share)),
       change = as.numeric(coef(change)[2]), change_se = as.numeric(SE(change)[2]),
       score = as.numeric(coef(score)), score_se = as.numeric(SE(score)),
       logit = as.numeric(coef(model)), logit_se = as.numeric(SE(model)),
       domain = as.numeric(coef(domains)), domain_se = as.numeric(SE(domains)),
       quantile = as.numeric(coef(quantiles)), quantile_se = as.numeric(SE(quantiles)),
       ratio = as.numeric(coef(ratio)), ratio_se = as.numeric(SE(ratio)))
}
write_json(list(drawn = numbers(drawn), raked = numbers(raked)), "two_waves.json", digits = NA, auto_unbox = TRUE, pretty = TRUE)
