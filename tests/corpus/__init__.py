"""How well does mailbot read the mails of public test suites, measured against what those suites expect?"""
