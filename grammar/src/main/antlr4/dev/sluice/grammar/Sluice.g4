grammar Sluice;
file : EOF ;
