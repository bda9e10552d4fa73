# Targets are made by calls of a template in sub-makefiles.
ROOT := $(shell git rev-parse --show-toplevel)
include mk/queue.mk
-include mk/local.mk

all: ; @echo all
