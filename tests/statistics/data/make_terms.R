# Wald tests on model terms (regTermTest) of the four reference designs; writes terms.json.
suppressMessages({library(survey); library(jsonlite)})
data(api)
designs <- list(
  apistrat = svydesign(id = ~1, strata = ~stype, weights = ~pw, fpc = ~fpc, data = apistrat),
  apistrat_nofpc = svydesign(id = ~1, strata = ~stype, weights = ~pw, data = apistrat),
  apiclus1 = svydesign(id = ~dnum, weights = ~pw, fpc = ~fpc, data = apiclus1),
  apiclus1_nofpc = svydesign(id = ~dnum, weights = ~pw, data = apiclus1))
found <- function(model, terms) {
  test <- regTermTest(model, terms)
  list(F = as.numeric(test$Ftest), df1 = as.numeric(test$df), df2 = as.numeric(test$ddf), p = as.numeric(test$p))
}
# R's default stops the logistic fit at a deviance change of 1e-8; here it goes on.
tight <- glm.control(epsilon = 1e-14, maxit = 100)
R <- lapply(designs, function(d) {
  linear <- svyglm(api00 ~ stype + ell + meals, d)
  logistic <- svyglm(I(sch.wide == "Yes") ~ ell + meals + mobility, d, family = quasibinomial(), control = tight)
  list(linear_stype = found(linear, ~stype), linear_all = found(linear, ~stype + ell + meals),
       logistic_two = found(logistic, ~ell + meals))
})
write_json(R, "terms.json", digits = NA, auto_unbox = TRUE, pretty = TRUE)
